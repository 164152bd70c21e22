"""The sequences of the set, in the order of ``list.txt``: from easy to hard."""

from __future__ import annotations

from vot_toolkit.dataset.synthetic import figures as cast
from vot_toolkit.dataset.synthetic import places
from vot_toolkit.dataset.synthetic.motion import (
    Camera,
    Motion,
    Wave,
    kinked,
    still,
    through,
)
from vot_toolkit.dataset.synthetic.scene import Actor, Crowd, Scene

SCENES = (
    Scene(
        name="balloon",
        happens="a balloon drifts over hills, nearer and then away",
        size=(320, 240),
        length=90,
        seed=11,
        backdrop=places.HILLS,
        target=Actor(
            cast.BALLOON,
            Motion(
                x=through((0, 60), (50, 180), (90, 258)),
                y=through((0, 130), (45, 74), (90, 112)),
                size=through((0, 24), (45, 31), (90, 26)),
                turn=still(0, Wave(0.02, 45)),
            ),
        ),
        crowds=(Crowd(cast.CLOUD, 3, (22, 40), (20, 10, 300, 60), (0.3, 0)),),
    ),
    Scene(
        name="boat",
        happens="a boat sails nearer past buoys; the camera is held by hand on a swaying deck",
        size=(400, 300),
        length=110,
        seed=12,
        backdrop=places.SEA,
        target=Actor(
            cast.BOAT,
            Motion(
                x=through((0, 90), (110, 300)),
                y=still(172, Wave(4, 26)),
                size=through((0, 24), (60, 38), (110, 62)),
                turn=still(0, Wave(0.025, 31)),
            ),
        ),
        camera=Camera(x=still(0, Wave(7, 37), Wave(2, 11)), y=still(0, Wave(8, 29), Wave(2, 9))),
        front=(
            Actor(cast.BUOY, Motion(x=still(185), y=still(205, Wave(3, 30)), size=still(30))),
            Actor(cast.BUOY, Motion(x=still(270), y=still(236, Wave(3, 24)), size=still(40))),
        ),
        crowds=(Crowd(cast.BOAT, 4, (12, 20), (20, 130, 380, 150), (0.7, 0)),),
    ),
    Scene(
        name="ladybird",
        happens="a ladybird walks in curves over leaves among its kind, turning all the way round",
        size=(320, 240),
        length=120,
        seed=13,
        backdrop=places.LEAVES,
        target=Actor(
            cast.LADYBIRD,
            Motion(
                x=through((0, 70), (30, 130), (60, 210), (90, 190), (120, 120)),
                y=through((0, 70), (30, 150), (60, 160), (90, 80), (120, 60)),
                size=still(24, Wave(1, 17)),
                turn=through((0, 0.12), (30, 0.12), (60, -0.1), (90, -0.38), (120, -0.55)),
            ),
        ),
        crowds=(
            Crowd(cast.LADYBIRD_ORANGE, 3, (18, 25), (40, 40, 280, 200), (0.6, 0.5), 0.004),
            Crowd(cast.BEETLE, 3, (16, 26), (40, 40, 280, 200), (-0.7, 0.4), 0.004),
        ),
    ),
    Scene(
        name="car",
        happens="a panning camera follows a car behind poles; it brakes once and comes nearer",
        size=(480, 270),
        length=130,
        seed=14,
        backdrop=places.STREET,
        target=Actor(
            cast.CAR_RED,
            Motion(
                x=kinked((0, 130), (60, 430), (85, 440), (130, 830)),
                y=through((0, 190), (130, 206)),
                size=through((0, 40), (85, 46), (130, 68)),
                turn=still(0, Wave(0.003, 7)),
            ),
        ),
        camera=Camera(
            x=through((0, 0), (30, 110), (70, 260), (90, 300), (130, 560)),
            y=still(0, Wave(1.5, 13)),
        ),
        behind=(
            Actor(
                cast.CAR_BLUE, Motion(x=kinked((0, 560), (130, 60)), y=still(172), size=still(36))
            ),
            Actor(
                cast.CAR_WHITE, Motion(x=kinked((0, 20), (130, 620)), y=still(174), size=still(36))
            ),
        ),
        front=tuple(
            Actor(cast.POLE, Motion(x=still(x), y=still(170), size=still(80)))
            for x in (270, 500, 690)
        ),
        shutter=0.6,
    ),
    Scene(
        name="fish",
        happens="a koi swims a loop among carp and goldfish, under lily leaves",
        size=(360, 270),
        length=120,
        seed=15,
        backdrop=places.POND,
        target=Actor(
            cast.KOI,
            Motion(
                x=through((0, 60), (35, 160), (65, 270), (90, 250), (120, 130)),
                y=through((0, 170), (35, 110), (65, 120), (90, 200), (120, 214)),
                size=through((0, 36), (65, 33), (120, 40)),
                turn=through((0, -0.08), (35, -0.05), (65, 0.14), (90, 0.42), (120, 0.5)),
                stretch=still(0.95, Wave(0.08, 14)),
            ),
        ),
        behind=(),
        front=(
            Actor(cast.LILY, Motion(x=still(120), y=still(150), size=still(30), turn=still(0.1))),
            Actor(cast.LILY, Motion(x=still(286), y=still(172), size=still(30), turn=still(0.4))),
        ),
        crowds=(
            Crowd(cast.CARP, 4, (26, 38), (40, 60, 320, 220), (1.1, 0.2)),
            Crowd(cast.GOLDFISH, 3, (20, 34), (40, 60, 320, 220), (0.9, -0.2)),
        ),
    ),
    Scene(
        name="lantern",
        happens="a paper lantern rises among others at night while the light flickers and fades",
        size=(320, 240),
        length=100,
        seed=16,
        backdrop=places.NIGHT,
        target=Actor(
            cast.LANTERN_RED,
            Motion(
                x=through((0, 90), (50, 160), (100, 236), waves=(Wave(6, 23),)),
                y=through((0, 190), (50, 96), (100, 60)),
                size=through((0, 30), (100, 22)),
                turn=still(0, Wave(0.06, 34)),
            ),
        ),
        light=kinked((0, 1.0), (22, 1.0), (30, 0.62), (48, 0.62), (52, 1.25), (66, 1.2), (90, 0.7)),
        crowds=(
            Crowd(cast.LANTERN_GOLD, 4, (16, 26), (30, 30, 290, 200), (0.7, -0.9)),
            Crowd(cast.LANTERN_RED, 2, (12, 18), (40, 30, 290, 120), (-0.5, -0.6)),
        ),
    ),
    Scene(
        name="ball",
        happens="a ball bounces before a brick wall, blurred by its speed and spinning",
        size=(400, 300),
        length=100,
        seed=17,
        backdrop=places.YARD,
        target=Actor(
            cast.BALL,
            Motion(
                x=kinked((0, 50), (44, 350), (100, 60)),
                y=still(246, Wave(150, 50, 0.08, bounce=True)),
                size=still(21),
                turn=kinked((0, 0), (44, 1.6), (100, -0.4)),
            ),
        ),
        behind=(
            Actor(
                cast.BALL_GREEN,
                Motion(
                    x=kinked((0, 360), (60, 80), (100, 200)),
                    y=still(240, Wave(100, 44, 0.2, bounce=True)),
                    size=still(18),
                    turn=kinked((0, 0), (100, -2)),
                ),
            ),
        ),
        shutter=0.7,
    ),
    Scene(
        name="walker",
        happens="a walker in red passes behind tree trunks and meets others; the camera follows",
        size=(640, 480),
        length=120,
        seed=18,
        backdrop=places.PARK,
        target=Actor(
            cast.WALKER_RED,
            Motion(
                x=through((0, 130), (60, 390), (120, 700)),
                y=still(310, Wave(4, 12)),
                size=through((0, 66), (120, 84)),
                turn=still(0, Wave(0.01, 24)),
                stretch=still(0.9, Wave(0.12, 24)),
            ),
        ),
        camera=Camera(x=through((0, 0), (40, 20), (80, 130), (120, 300))),
        light=through((0, 1.0), (70, 1.0), (84, 0.74), (120, 0.8)),
        behind=(
            Actor(
                cast.WALKER_GREEN,
                Motion(x=kinked((0, 640), (120, 180)), y=still(296, Wave(3, 13)), size=still(64)),
            ),
            Actor(
                cast.WALKER_STRIPED,
                Motion(x=kinked((0, 20), (120, 640)), y=still(290, Wave(3, 11)), size=still(60)),
            ),
        ),
        front=(
            Actor(cast.TRUNK, Motion(x=still(290), y=still(300), size=still(84))),
            Actor(cast.TRUNK, Motion(x=still(560), y=still(310), size=still(86))),
            Actor(
                cast.WALKER_GREEN,
                Motion(x=kinked((0, 1240), (120, 560)), y=still(330, Wave(4, 13)), size=still(84)),
            ),
        ),
    ),
    Scene(
        name="parcel",
        happens="a parcel on a belt turns, stops and starts among others and goes under beams",
        size=(360, 240),
        length=110,
        seed=19,
        backdrop=places.BELT,
        target=Actor(
            cast.PARCEL,
            Motion(
                x=kinked((0, 50), (25, 120), (38, 120), (70, 240), (82, 240), (110, 310)),
                y=still(122, Wave(16, 90)),
                size=still(32),
                turn=through((0, 0), (25, 0.06), (38, 0.06), (70, 0.45), (110, 0.62)),
            ),
        ),
        behind=(
            Actor(
                cast.PARCEL_PLAIN,
                Motion(
                    x=kinked((0, 150), (25, 220), (38, 220), (70, 340), (110, 420)),
                    y=still(90),
                    size=still(28),
                    turn=still(0.07),
                ),
            ),
            Actor(
                cast.PARCEL_PLAIN,
                Motion(
                    x=kinked((0, -40), (25, 40), (38, 40), (70, 150), (82, 150), (110, 230)),
                    y=still(150),
                    size=still(30),
                    turn=kinked((38, -0.05), (110, -0.3)),
                ),
            ),
            Actor(
                cast.PARCEL_PLAIN,
                Motion(
                    x=kinked((0, 260), (25, 320), (38, 320), (70, 440)),
                    y=still(150),
                    size=still(30),
                    turn=still(-0.1),
                ),
            ),
        ),
        front=(
            Actor(cast.BEAM, Motion(x=still(178), y=still(120), size=still(44))),
            Actor(cast.BEAM, Motion(x=still(300), y=still(120), size=still(30))),
        ),
    ),
    Scene(
        name="drone",
        happens="a drone spins and climbs over a town, seen from above by another in gusty wind",
        size=(480, 360),
        length=120,
        seed=20,
        backdrop=places.TOWN,
        target=Actor(
            cast.DRONE,
            Motion(
                x=through((0, 120), (40, 330), (80, 420), (120, 640)),
                y=through((0, 240), (40, 150), (80, 270), (120, 160)),
                size=through((0, 24), (40, 32), (80, 54), (120, 30)),
                turn=through((0, 0), (40, 0.5), (80, 0.7), (120, 1.5)),
            ),
        ),
        camera=Camera(
            x=through((0, 0), (40, 90), (80, 200), (120, 400), waves=(Wave(6, 17), Wave(3, 7))),
            y=through((0, 0), (60, 40), (120, -20), waves=(Wave(6, 19), Wave(3, 8))),
        ),
        crowds=(Crowd(cast.DRONE, 2, (20, 26), (160, 60, 560, 300), (1.2, 0.5), 0.01),),
        shutter=0.6,
    ),
    Scene(
        name="butterfly",
        happens="a butterfly flutters in jerks over flowers, its shape changing as it flaps",
        size=(360, 270),
        length=110,
        seed=21,
        backdrop=places.MEADOW,
        target=Actor(
            cast.BUTTERFLY,
            Motion(
                x=kinked(
                    (0, 70),
                    (14, 120),
                    (24, 100),
                    (40, 190),
                    (52, 180),
                    (66, 260),
                    (80, 290),
                    (92, 220),
                    (110, 150),
                    waves=(Wave(3, 9),),
                ),
                y=kinked(
                    (0, 190),
                    (14, 120),
                    (24, 150),
                    (40, 80),
                    (52, 130),
                    (66, 190),
                    (80, 130),
                    (92, 90),
                    (110, 150),
                    waves=(Wave(3, 8),),
                ),
                size=through((0, 21), (40, 26), (80, 19), (110, 25)),
                turn=through((0, -0.1), (30, 0.1), (60, -0.05), (80, 0.3), (110, 0.5)),
                stretch=still(0.8, Wave(0.25, 7)),
            ),
        ),
        crowds=(Crowd(cast.CABBAGE_WHITE, 3, (16, 22), (40, 60, 320, 220), (1.3, 0.8), 0.01),),
    ),
    Scene(
        name="leaf",
        happens="a red leaf whirls in gusts over fallen leaves of its kind, tumbling as it goes",
        size=(400, 300),
        length=120,
        seed=22,
        backdrop=places.FALLEN,
        target=Actor(
            cast.LEAF_RED,
            Motion(
                x=kinked((0, 60), (30, 180), (44, 160), (80, 300), (96, 330), (120, 220)),
                y=kinked((0, 80), (30, 150), (44, 220), (80, 100), (96, 180), (120, 230)),
                size=through((0, 26), (40, 20), (80, 30), (120, 22)),
                turn=through((0, 0), (30, 0.4), (60, 0.3), (90, 1.1), (120, 1.3)),
                stretch=still(0.75, Wave(0.3, 26)),
            ),
        ),
        camera=Camera(x=still(0, Wave(5, 41)), y=still(0, Wave(4, 33))),
        light=kinked((0, 1.0), (60, 1.0), (66, 1.3), (90, 1.3), (100, 0.8)),
        crowds=(
            Crowd(cast.LEAF_GOLD, 4, (18, 26), (40, 40, 360, 260), (1.4, 0.9), 0.015),
            Crowd(cast.LEAF_BROWN, 3, (18, 26), (40, 40, 360, 260), (1.6, 0.6), 0.015),
            Crowd(cast.LEAF_RED, 3, (16, 24), (80, 40, 360, 240), (-0.9, 0.6), 0.01),
        ),
        shutter=0.6,
    ),
)
