"""The cast: figures of about one unit's half-length, heading along their first axis."""

from __future__ import annotations

from dataclasses import replace

from vot_toolkit.dataset.synthetic.outline import Box, Convex, Ellipse, Petals
from vot_toolkit.dataset.synthetic.sprite import Figure, Part
from vot_toolkit.dataset.synthetic.texture import Coat, Colour

BLACK = Coat(((12, 12, 14), (48, 46, 44)), cell=(0.3, 0.3))
SHADOW = Coat(((8, 10, 14), (16, 18, 22)), shade=0, opacity=105, soft=0.25)
GLASS = Coat(((70, 96, 112), (150, 180, 196), (214, 230, 236)), cell=(0.5, 0.3), shade=70)


def _balloon() -> Figure:
    cloth = Coat(
        ((188, 40, 28), (226, 66, 40)),
        pattern="stripes",
        ink=(244, 206, 72),
        spacing=0.42,
        wobble=0.03,
        shade=90,
    )
    wicker = Coat(((96, 62, 30), (150, 106, 58)), (0.2, 0.1), pattern="checks", spacing=0.1)
    rope = Coat(((70, 60, 50), (100, 90, 76)), shade=0)
    return (
        Part(Convex(((-0.34, 0.55), (0.34, 0.55), (0.16, 1.25), (-0.16, 1.25))), rope),
        Part(Ellipse(0.8, 0.86), cloth),
        Part(Box(0.2, 0.15, y=1.3, corner=0.04), wicker),
    )


def _beetle(wings: Coat) -> Figure:
    legs = tuple(
        Part(Box(0.07, 0.95, x=x, corner=0.05, turn=turn), BLACK)
        for x, turn in ((-0.4, 0.07), (0.05, 0.0), (0.45, -0.07))
    )
    seam = replace(BLACK, shade=0)
    return (
        Part(Ellipse(1.05, 0.95, x=0.1, y=0.12), SHADOW),
        *legs,
        Part(Ellipse(0.36, 0.42, x=0.86), BLACK),
        Part(Ellipse(0.92, 0.74, x=-0.06), wings),
        Part(Box(0.8, 0.025, x=-0.12, corner=0.02), seam),
    )


def _car(colours: tuple[Colour, ...]) -> Figure:
    paint = Coat(colours, cell=(1.2, 0.4), octaves=3, shade=80)
    trim = replace(BLACK, shade=20)
    lamp = Coat(((250, 236, 160), (255, 250, 220)), shade=10)
    hub = Coat(((120, 124, 130), (190, 194, 200)), cell=(0.1, 0.1))
    wheels = tuple(
        part
        for x in (-0.58, 0.6)
        for part in (
            Part(Ellipse(0.2, 0.2, x=x, y=0.3), BLACK),
            Part(Ellipse(0.1, 0.1, x=x, y=0.3), hub),
        )
    )
    return (
        Part(Ellipse(1.1, 0.12, y=0.48), SHADOW),
        Part(Convex(((-0.72, -0.05), (-0.5, -0.42), (0.22, -0.42), (0.56, -0.05))), paint),
        Part(Convex(((-0.58, -0.06), (-0.43, -0.35), (-0.14, -0.35), (-0.14, -0.06))), GLASS),
        Part(Convex(((-0.06, -0.06), (-0.06, -0.35), (0.18, -0.35), (0.42, -0.06))), GLASS),
        Part(Box(1.0, 0.22, y=0.12, corner=0.1), paint),
        Part(Box(0.98, 0.03, y=0.24, corner=0.02), trim),
        Part(Ellipse(0.07, 0.06, x=0.9, y=0.06), lamp),
        *wheels,
    )


def _fish(skin: Coat) -> Figure:
    fin = replace(skin, shade=30, pattern="stripes", spacing=0.12, wobble=0.4)
    eye = Coat(((236, 236, 220), (250, 250, 244)), shade=0)
    return (
        Part(Convex(((-1.0, -0.42), (-0.55, -0.06), (-0.55, 0.06), (-1.0, 0.42))), fin),
        Part(Convex(((-0.3, -0.3), (-0.05, -0.6), (0.3, -0.3))), fin),
        Part(Convex(((-0.05, 0.3), (0.2, 0.3), (-0.1, 0.56))), fin),
        Part(Ellipse(0.8, 0.38, x=0.15), skin),
        Part(Ellipse(0.09, 0.09, x=0.66, y=-0.08), eye),
        Part(Ellipse(0.045, 0.045, x=0.68, y=-0.08), replace(BLACK, shade=0)),
    )


def _butterfly(wings: Coat) -> Figure:
    rim = replace(wings, ink=(30, 20, 14), spacing=0.32, share=0.6)
    return (
        Part(Ellipse(0.3, 0.52, x=-0.36, y=-0.44, turn=-0.11), rim),
        Part(Ellipse(0.3, 0.52, x=-0.36, y=0.44, turn=0.11), rim),
        Part(Ellipse(0.34, 0.72, x=0.42, y=-0.56, turn=0.1), wings),
        Part(Ellipse(0.34, 0.72, x=0.42, y=0.56, turn=-0.1), wings),
        Part(Ellipse(0.72, 0.12), BLACK),
    )


def _boat() -> Figure:
    hull = Coat(
        ((150, 30, 30), (196, 52, 44)), pattern="bars", ink=(236, 232, 224), spacing=0.5, share=0.35
    )
    sail = Coat(((196, 190, 176), (244, 240, 230)), cell=(0.4, 0.9), shade=70)
    jib = Coat(((52, 84, 140), (86, 122, 178)), cell=(0.4, 0.9), shade=70)
    return (
        Part(Box(0.03, 0.85, y=-0.25, corner=0.02), BLACK),
        Part(Convex(((-0.72, 0.28), (-0.08, -1.05), (-0.08, 0.28))), sail),
        Part(Convex(((0.08, 0.28), (0.08, -0.85), (0.72, 0.28))), jib),
        Part(Convex(((-0.9, 0.4), (0.98, 0.4), (0.68, 0.74), (-0.7, 0.74))), hull),
    )


def _drone() -> Figure:
    body = Coat(((52, 58, 66), (112, 120, 130)), cell=(0.4, 0.4), shade=80)
    rotor = Coat(((150, 156, 160), (206, 210, 212)), cell=(0.2, 0.2), pattern="stripes")
    mark = Coat(((236, 120, 24), (250, 160, 60)), shade=20)
    ends = ((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))
    return (
        Part(Ellipse(0.8, 0.8, x=0.5, y=0.7), replace(SHADOW, soft=0.6)),
        Part(Box(1.0, 0.1, corner=0.05, turn=0.125), body),
        Part(Box(1.0, 0.1, corner=0.05, turn=-0.125), body),
        *(Part(Ellipse(0.32, 0.32, x=x, y=y), rotor) for x, y in ends),
        *(Part(Ellipse(0.07, 0.07, x=x, y=y), BLACK) for x, y in ends),
        Part(Box(0.48, 0.32, corner=0.14), body),
        Part(Box(0.1, 0.2, x=0.3, corner=0.04), mark),
    )


def _leaf(colours: tuple[Colour, ...], vein: Colour) -> Figure:
    blade = Coat(colours, cell=(0.5, 0.5), shade=50)
    line = Coat((vein, vein), shade=0)
    stalk = Coat(((90, 58, 24), (120, 82, 40)), shade=0)
    return (
        Part(Box(0.45, 0.04, x=-0.75, corner=0.03), stalk),
        Part(Petals(1.0, 5, 0.42), blade),
        Part(Box(0.36, 0.022, x=0.3, corner=0.01), line),
        Part(Box(0.34, 0.02, x=0.1, y=0.3, corner=0.01, turn=0.2), line),
        Part(Box(0.34, 0.02, x=0.1, y=-0.3, corner=0.01, turn=-0.2), line),
    )


def _lantern(glow: Colour) -> Figure:
    dark = tuple(channel * 5 // 8 for channel in glow)
    halo = Coat((glow, glow), shade=0, opacity=70, soft=0.9)
    paper = Coat(
        ((dark[0], dark[1], dark[2]), glow, (255, 240, 200)),
        cell=(0.9, 0.6),
        pattern="bars",
        ink=(110, 40, 20),
        spacing=0.3,
        share=0.18,
        wobble=0.03,
        shade=70,
    )
    return (
        Part(Ellipse(1.1, 1.1), halo),
        Part(Ellipse(0.72, 0.86), paper),
        Part(Box(0.34, 0.08, y=-0.86, corner=0.03), BLACK),
        Part(Box(0.3, 0.08, y=0.86, corner=0.03), BLACK),
    )


def _walker(coat: Coat, trousers: Coat) -> Figure:
    skin = Coat(((176, 124, 92), (222, 172, 138)), shade=50)
    hair = Coat(((44, 28, 18), (84, 56, 34)), cell=(0.1, 0.1))
    return (
        Part(Ellipse(0.5, 0.08, y=1.0), SHADOW),
        Part(Box(0.11, 0.4, x=-0.16, y=0.62, corner=0.06, turn=0.03), trousers),
        Part(Box(0.11, 0.4, x=0.16, y=0.62, corner=0.06, turn=-0.03), trousers),
        Part(Box(0.09, 0.34, x=-0.34, y=-0.06, corner=0.06, turn=0.05), coat),
        Part(Box(0.09, 0.34, x=0.34, y=-0.06, corner=0.06, turn=-0.05), coat),
        Part(Box(0.3, 0.44, y=-0.02, corner=0.12), coat),
        Part(Ellipse(0.19, 0.22, y=-0.68), skin),
        Part(Ellipse(0.2, 0.13, y=-0.8), hair),
    )


def _parcel(card: tuple[Colour, ...], tape: Colour) -> Figure:
    board = Coat(card, cell=(0.8, 0.3), shade=40)
    strip = Coat((tape, tape), shade=20)
    label = Coat(
        ((214, 212, 204), (240, 238, 232)), pattern="bars", spacing=0.09, ink=(70, 70, 76), shade=10
    )
    return (
        Part(Box(0.98, 0.72, x=0.06, y=0.08, corner=0.05), SHADOW),
        Part(Box(0.95, 0.68, corner=0.05), board),
        Part(Box(0.95, 0.1, corner=0.02), strip),
        Part(Box(0.26, 0.2, x=0.5, y=-0.36, corner=0.03), label),
    )


def _tree(leaves: tuple[Colour, ...]) -> Figure:
    bark = Coat(((58, 40, 26), (110, 82, 56)), cell=(0.08, 0.5), shade=50)
    crown = Coat(leaves, cell=(0.3, 0.3), octaves=5, shade=80)
    return (
        Part(Box(0.11, 0.7, y=-0.4, corner=0.03), bark),
        Part(Petals(0.7, 7, 0.1, y=-1.25), crown),
        Part(Petals(0.42, 5, 0.12, x=-0.4, y=-0.95), crown),
        Part(Petals(0.42, 6, 0.12, x=0.42, y=-1.0), crown),
    )


def _house(walls: tuple[Colour, ...]) -> Figure:
    wall = Coat(walls, cell=(0.5, 0.5), pattern="bricks", ink=(120, 112, 104), spacing=0.08)
    roof = Coat(((96, 44, 34), (150, 78, 60)), pattern="bricks", spacing=0.1, share=0.2)
    pane = replace(GLASS, shade=30)
    return (
        Part(Box(0.8, 0.7, y=-0.7, corner=0.01), replace(wall, shade=30, share=0.15)),
        Part(Convex(((-0.95, -1.35), (-0.5, -1.95), (0.5, -1.95), (0.95, -1.35))), roof),
        *(Part(Box(0.14, 0.18, x=x, y=-0.95, corner=0.02), pane) for x in (-0.45, 0.0, 0.45)),
        Part(Box(0.15, 0.32, x=-0.3, y=-0.32, corner=0.02), BLACK),
        Part(Box(0.2, 0.16, x=0.35, y=-0.4, corner=0.02), pane),
    )


def _flower(petals: tuple[Colour, ...]) -> Figure:
    heart = Coat(((190, 140, 20), (240, 200, 60)), cell=(0.1, 0.1))
    return Part(Petals(1.0, 6, 0.3), Coat(petals)), Part(Ellipse(0.32, 0.32), heart)


def _pole() -> Figure:
    steel = Coat(((70, 76, 80), (140, 146, 150)), cell=(0.1, 0.9), shade=90)
    sign = Coat(((30, 70, 150), (50, 96, 180)), shade=30)
    disc = Coat(((224, 224, 220), (246, 246, 242)), shade=20)
    return (
        Part(Box(0.09, 1.5, corner=0.02), steel),
        Part(Box(0.32, 0.32, y=-1.1, corner=0.06), sign),
        Part(Ellipse(0.2, 0.2, y=-1.1), disc),
    )


def _trunk() -> Figure:
    bark = Coat(
        ((50, 36, 26), (96, 74, 54), (132, 110, 84)),
        cell=(0.06, 0.5),
        octaves=5,
        pattern="stripes",
        ink=(44, 30, 22),
        spacing=0.12,
        wobble=0.9,
        share=0.3,
        shade=40,
    )
    return (Part(Convex(((-0.18, -3.6), (0.18, -3.6), (0.27, 1.3), (-0.27, 1.3))), bark),)


def _plain(outline: Box | Ellipse | Petals, coat: Coat) -> Figure:
    return (Part(outline, coat),)


_RED = Coat(((150, 14, 10), (214, 40, 24)), pattern="spots", spacing=0.46, share=0.34, wobble=0.05)
_ORANGE = replace(_RED, colours=((190, 84, 8), (236, 134, 30)), spacing=0.4, share=0.25)
_BROWN = Coat(((84, 44, 20), (140, 84, 44)), pattern="stripes", spacing=0.2, ink=(50, 26, 12))
_KOI = Coat(
    ((220, 208, 196), (248, 244, 238)),
    pattern="spots",
    ink=(222, 78, 24),
    spacing=0.62,
    share=0.5,
    wobble=0.5,
)
_MONARCH = Coat(
    ((206, 84, 10), (246, 150, 34)),
    pattern="spots",
    ink=(24, 16, 12),
    spacing=0.24,
    share=0.28,
    wobble=0.3,
)
_DENIM = Coat(((34, 46, 78), (70, 88, 126)), cell=(0.15, 0.3))

BALLOON = _balloon()
LADYBIRD, LADYBIRD_ORANGE, BEETLE = _beetle(_RED), _beetle(_ORANGE), _beetle(_BROWN)
CAR_RED = _car(((150, 18, 22), (206, 44, 40)))
CAR_BLUE = _car(((24, 52, 120), (60, 100, 176)))
CAR_WHITE = _car(((180, 182, 184), (230, 230, 228)))
KOI = _fish(_KOI)
CARP = _fish(replace(_KOI, colours=((120, 116, 84), (186, 178, 132)), ink=(84, 76, 44)))
GOLDFISH = _fish(replace(_KOI, colours=((214, 90, 20), (244, 150, 50)), ink=(246, 236, 220)))
BUTTERFLY = _butterfly(_MONARCH)
CABBAGE_WHITE = _butterfly(replace(_MONARCH, colours=((206, 206, 190), (242, 242, 232))))
BOAT, DRONE, POLE, TRUNK = _boat(), _drone(), _pole(), _trunk()
LEAF_RED = _leaf(((150, 24, 10), (206, 60, 20), (230, 110, 40)), (110, 20, 8))
LEAF_GOLD = _leaf(((176, 104, 12), (222, 160, 36), (238, 200, 80)), (140, 84, 12))
LEAF_BROWN = _leaf(((86, 48, 20), (134, 84, 42), (170, 118, 66)), (66, 38, 18))
LANTERN_RED, LANTERN_GOLD = _lantern((236, 92, 40)), _lantern((244, 176, 64))
WALKER_RED = _walker(Coat(((150, 26, 30), (204, 58, 54)), cell=(0.2, 0.3)), _DENIM)
WALKER_GREEN = _walker(Coat(((38, 84, 50), (80, 130, 84)), cell=(0.2, 0.3)), BLACK)
WALKER_STRIPED = _walker(
    Coat(((176, 176, 180), (226, 226, 222)), pattern="bars", ink=(40, 56, 110), spacing=0.2), _DENIM
)
PARCEL = _parcel(((150, 108, 66), (186, 144, 98), (206, 168, 122)), (214, 40, 40))
PARCEL_PLAIN = _parcel(((146, 104, 62), (182, 140, 94), (202, 164, 118)), (196, 160, 110))
TREE = _tree(((20, 48, 18), (52, 92, 34), (104, 140, 60)))
TREE_AUTUMN = _tree(((96, 44, 14), (176, 92, 26), (214, 150, 50)))
HOUSE_GREY = _house(((150, 146, 140), (190, 186, 178)))
HOUSE_RED = _house(((140, 76, 60), (176, 108, 86)))
FLOWER_PINK = _flower(((196, 70, 130), (236, 130, 180)))
FLOWER_WHITE = _flower(((210, 206, 196), (248, 246, 240)))
FLOWER_ORANGE = _flower(((206, 92, 14), (244, 150, 40)))
BALL = _plain(
    Ellipse(1.0, 0.68),
    Coat(((216, 206, 190), (246, 240, 230)), pattern="stripes", ink=(40, 60, 140), spacing=0.7),
)
BALL_GREEN = _plain(
    Ellipse(1.0, 1.0),
    Coat(((40, 110, 50), (90, 170, 80)), pattern="stripes", ink=(240, 240, 220), spacing=0.8),
)
PEBBLE = _plain(
    Ellipse(1.0, 0.7), Coat(((84, 80, 76), (140, 136, 128), (178, 172, 160)), cell=(0.4, 0.4))
)
CLOUD = (
    Part(Ellipse(1.2, 0.3), Coat(((226, 230, 236), (252, 252, 252)), shade=20, soft=0.5)),
    Part(Ellipse(0.6, 0.45, x=-0.2, y=-0.2), Coat(((232, 236, 240), (255, 255, 255)), soft=0.5)),
)
BUOY = (
    Part(Ellipse(0.75, 0.3, y=0.72), Coat(((28, 60, 40), (60, 96, 66)))),
    Part(
        Convex(((-0.14, -0.8), (0.14, -0.8), (0.5, 0.7), (-0.5, 0.7))),
        Coat(((28, 110, 60), (50, 150, 84)), pattern="bars", ink=(236, 232, 220), spacing=0.7),
    ),
    Part(Ellipse(0.16, 0.16, y=-0.86), Coat(((220, 190, 60), (250, 230, 120)))),
)
BEAM = _plain(
    Box(0.3, 3.0, corner=0.02),
    Coat(
        ((70, 74, 80), (120, 124, 128)),
        cell=(0.3, 0.6),
        pattern="bars",
        ink=(220, 180, 30),
        spacing=0.5,
        wobble=0.05,
    ),
)
LILY = (
    Part(Petals(1.0, 3, 0.06), Coat(((30, 74, 36), (70, 122, 60), (110, 156, 84)), shade=40)),
    Part(Ellipse(0.18, 0.18), Coat(((200, 120, 150), (250, 220, 230)), cell=(0.1, 0.1))),
)
ROOF = (
    Part(Box(1.0, 0.78, x=0.12, y=0.12, corner=0.02), SHADOW),
    Part(
        Convex(((-0.9, -0.7), (0.9, -0.7), (0.9, 0.0), (-0.9, 0.0))),
        Coat(((150, 82, 62), (186, 112, 86)), pattern="bricks", ink=(120, 64, 48), spacing=0.14),
    ),
    Part(
        Convex(((-0.9, 0.0), (0.9, 0.0), (0.9, 0.7), (-0.9, 0.7))),
        Coat(((104, 56, 44), (134, 78, 62)), pattern="bricks", ink=(84, 44, 34), spacing=0.14),
    ),
    Part(Box(0.1, 0.1, x=0.45, y=-0.3, corner=0.02), BLACK),
)
BUSH = (
    Part(Ellipse(0.95, 0.95, x=0.2, y=0.2), SHADOW),
    Part(
        Petals(1.0, 9, 0.08),
        Coat(((24, 54, 22), (58, 100, 40), (112, 150, 66)), cell=(0.4, 0.4), octaves=5, shade=50),
    ),
)
STREETLAMP = (
    Part(Ellipse(1.6, 1.6, y=-1.9), Coat(((250, 214, 140),) * 2, shade=0, opacity=60, soft=1.2)),
    Part(Box(0.06, 1.0, y=-0.9, corner=0.02), BLACK),
    Part(Ellipse(0.18, 0.18, y=-1.9), Coat(((255, 236, 180), (255, 250, 230)), shade=0)),
)
