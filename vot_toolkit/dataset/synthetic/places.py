"""The backdrops of the set; heights are world rows of the scene that uses each."""

from __future__ import annotations

from vot_toolkit.dataset.synthetic import figures as cast
from vot_toolkit.dataset.synthetic.backdrop import Backdrop, Band, Props
from vot_toolkit.dataset.synthetic.texture import Coat

_SKY = Coat(((112, 158, 206), (148, 186, 222), (196, 216, 234)), cell=(160, 50), octaves=5, fade=36)
_GRASS = Coat(
    ((44, 76, 26), (78, 116, 42), (112, 146, 62), (150, 170, 92)), cell=(40, 24), octaves=5
)
_WATER = Coat(
    ((24, 58, 84), (44, 92, 120), (84, 134, 156), (150, 186, 198)),
    cell=(60, 9),
    octaves=4,
    fade=-30,
)

HILLS = Backdrop(
    bands=(
        Band(_SKY),
        Band(Coat(((70, 98, 110), (104, 132, 138)), cell=(60, 20), fade=30), top=120, ragged=18),
        Band(Coat(((50, 84, 52), (86, 118, 70)), cell=(36, 14), fade=20), top=160, ragged=14),
        Band(_GRASS, top=200, ragged=8),
    ),
    props=(
        Props(cast.TREE, 4, (8, 16), (168, 210)),
        Props(cast.HOUSE_RED, 0.6, (7, 12), (180, 212)),
    ),
)
SEA = Backdrop(
    bands=(
        Band(_SKY),
        Band(Coat(((86, 104, 118), (120, 136, 142)), cell=(50, 14)), top=112, ragged=10),
        Band(_WATER, top=126),
        Band(
            Coat(((18, 48, 74), (40, 86, 114), (96, 146, 166)), cell=(90, 14), octaves=5),
            top=200,
            ragged=6,
        ),
    ),
    props=(Props(cast.HOUSE_GREY, 1.5, (4, 7), (124, 127)),),
)
LEAVES = Backdrop(
    bands=(Band(Coat(((24, 44, 18), (52, 84, 32), (84, 118, 48)), cell=(50, 50), octaves=5)),),
    props=(
        Props(cast.LILY, 12, (20, 44), (-10, 250), upright=False),
        Props(cast.PEBBLE, 6, (5, 12), (0, 240), upright=False),
        Props(cast.FLOWER_ORANGE, 2, (8, 14), (0, 240), upright=False),
    ),
)
STREET = Backdrop(
    bands=(
        Band(_SKY),
        Band(
            Coat(
                ((128, 124, 118), (160, 156, 148)),
                cell=(30, 16),
                pattern="bricks",
                ink=(108, 102, 98),
                spacing=14,
                share=0.12,
                wobble=0.02,
            ),
            top=146,
        ),
        Band(Coat(((60, 62, 66), (84, 86, 90), (102, 102, 104)), cell=(24, 8), octaves=4), top=166),
        Band(Coat(((190, 186, 172), (214, 210, 198)), cell=(20, 6)), top=228),
        Band(Coat(((64, 66, 70), (92, 92, 96)), cell=(30, 10), fade=-20), top=233),
    ),
    props=(
        Props(cast.HOUSE_GREY, 1.2, (40, 62), (150, 156)),
        Props(cast.HOUSE_RED, 1.2, (36, 58), (152, 158)),
        Props(cast.TREE, 1.4, (30, 46), (158, 164)),
    ),
)
POND = Backdrop(
    bands=(
        Band(
            Coat(
                ((28, 48, 40), (52, 78, 60), (88, 108, 78), (124, 136, 100)),
                cell=(70, 50),
                octaves=5,
            ),
        ),
    ),
    props=(
        Props(cast.PEBBLE, 14, (6, 16), (0, 270), upright=False),
        Props(cast.LILY, 1.5, (20, 34), (0, 60), upright=False),
    ),
)
NIGHT = Backdrop(
    bands=(
        Band(Coat(((14, 16, 40), (26, 30, 62), (52, 48, 84)), cell=(140, 60), octaves=5, fade=24)),
        Band(Coat(((12, 14, 22), (30, 30, 40)), cell=(30, 30)), top=150, ragged=16),
        Band(Coat(((18, 22, 28), (44, 46, 50)), cell=(30, 10), fade=14), top=200, ragged=3),
    ),
    props=(
        Props(cast.HOUSE_GREY, 2, (14, 24), (196, 208)),
        Props(cast.STREETLAMP, 2, (12, 20), (206, 228)),
    ),
)
YARD = Backdrop(
    bands=(
        Band(
            Coat(
                ((128, 70, 52), (160, 92, 68), (186, 120, 92)),
                cell=(26, 14),
                octaves=4,
                pattern="bricks",
                ink=(184, 176, 164),
                spacing=16,
                share=0.14,
                wobble=0.03,
            ),
        ),
        Band(Coat(((96, 94, 90), (134, 132, 126), (160, 156, 148)), cell=(40, 12)), top=244),
    ),
    props=(
        Props(cast.FLOWER_WHITE, 1.5, (6, 9), (236, 246)),
        Props(cast.BALL_GREEN, 0.4, (12, 16), (258, 284)),
    ),
)
PARK = Backdrop(
    bands=(
        Band(_SKY),
        Band(Coat(((40, 70, 36), (80, 110, 58)), cell=(40, 30), octaves=5), top=190, ragged=24),
        Band(_GRASS, top=250, ragged=6),
        Band(
            Coat(((150, 132, 104), (182, 164, 134), (204, 190, 162)), cell=(50, 12), octaves=5),
            top=352,
            ragged=4,
        ),
        Band(_GRASS, top=424, ragged=6),
    ),
    props=(
        Props(cast.TREE, 2, (50, 80), (246, 300)),
        Props(cast.TREE_AUTUMN, 1, (44, 70), (250, 290)),
        Props(cast.FLOWER_PINK, 3, (4, 8), (300, 350)),
    ),
)
BELT = Backdrop(
    bands=(
        Band(
            Coat(
                ((92, 98, 104), (124, 130, 134)),
                cell=(60, 60),
                pattern="checks",
                ink=(104, 110, 116),
                spacing=40,
                wobble=0.0,
            )
        ),
        Band(
            Coat(
                ((44, 46, 50), (66, 68, 70)),
                cell=(30, 8),
                pattern="stripes",
                ink=(34, 36, 38),
                spacing=18,
                share=0.2,
                wobble=0.02,
            ),
            top=58,
        ),
        Band(Coat(((150, 130, 40), (190, 166, 60)), cell=(30, 6)), top=184),
        Band(Coat(((92, 98, 104), (124, 130, 134)), cell=(40, 20)), top=194),
    ),
    props=(Props(cast.PARCEL_PLAIN, 1.2, (14, 20), (16, 40)),),
)
TOWN = Backdrop(
    bands=(
        Band(
            Coat(
                ((84, 90, 74), (110, 122, 84), (142, 146, 112)),
                cell=(80, 80),
                octaves=6,
                pattern="bricks",
                ink=(112, 110, 108),
                spacing=130,
                share=0.14,
                wobble=0.06,
            ),
        ),
    ),
    props=(
        Props(cast.ROOF, 5, (20, 36), (-20, 420), upright=False),
        Props(cast.BUSH, 8, (6, 16), (-20, 420), upright=False),
    ),
)
MEADOW = Backdrop(
    bands=(Band(_GRASS),),
    props=(
        Props(cast.FLOWER_WHITE, 10, (5, 12), (0, 270), upright=False),
        Props(cast.FLOWER_ORANGE, 9, (6, 13), (0, 270), upright=False),
        Props(cast.FLOWER_PINK, 6, (5, 12), (0, 270), upright=False),
    ),
)
FALLEN = Backdrop(
    bands=(Band(Coat(((58, 44, 30), (94, 74, 50), (130, 108, 76)), cell=(40, 40), octaves=5)),),
    props=(
        Props(cast.LEAF_BROWN, 20, (12, 24), (-10, 310), upright=False),
        Props(cast.LEAF_GOLD, 9, (12, 22), (-10, 310), upright=False),
        Props(cast.LEAF_RED, 3, (12, 18), (-10, 310), upright=False),
    ),
)
