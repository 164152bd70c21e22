"""Trackers in programs of their own, for the tests: plain TraX over standard input and output.

Run as ``programs.py NAME [WORD …]``. They keep to the protocol's text; nothing of ours is imported,
so that the client is not tested against its own idea of it.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

WORD = re.compile(r'"((?:[^"\\]|\\.)*)"')


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def greet(region="rectangle;", version="4", *more):
    words = [
        f"trax.version={version}",
        "trax.name=test",
        "trax.image=path;",
        "trax.channels=color;",
    ]
    say(
        "@@TRAX:hello " + " ".join(f'"{word}"' for word in [*words, f"trax.region={region}", *more])
    )


def requests():
    """Give the name and the words of each message, until there is none or it says quit."""
    for line in sys.stdin:
        name = line.removeprefix("@@TRAX:").split()[0]
        if name == "quit":
            return
        yield name, [word.replace('\\"', '"') for word in WORD.findall(line)]


def track(region, reply=None):
    """Answer as version 4 has it: the target alone, then its first image, then the others.

    Repeats the region, drifting off from frame to frame, as ``Steady`` of the engines' tests.
    """
    target, step = None, 0
    for name, words in requests():
        if name == "initialize":
            target, step = [float(number) for number in words[0].split(",")], 0
            continue
        moved = target[:]
        for index in range(2 if region == "rectangle" else len(moved)):
            moved[index] += 0.07 * step**2
        step += 1
        text = ",".join(f"{number:.4f}" for number in moved)
        say((reply or '@@TRAX:state "{}"').format(text))


def rectangle():
    greet()
    track("rectangle")


def sluggish():
    """Take its time to load."""
    time.sleep(2)
    rectangle()


def polygon():
    greet("polygon;")
    track("polygon")


def sure():
    greet()
    track("rectangle", '@@TRAX:state "{}" "confidence=0.25"')


def mask():
    """Give back the mask it is given."""
    greet("mask;")
    for name, words in requests():
        if name == "initialize":
            target = words[0]
        else:
            say(f'@@TRAX:state "{target}"')


def old():
    """Speak version 1: image and target in one message, words without quotes."""
    say("@@TRAX:hello")
    for name, words in requests():
        if name == "initialize":
            assert words[0].startswith("file:///"), words
            target = words[1]
        say(f"@@TRAX:state {target}")


def chatty():
    """Print all over the place."""
    print("loading", flush=True)
    sys.stderr.write("warming up\n")
    greet()
    sys.stdout.write("no line end before the message: ")
    track("rectangle", 'frame by frame\n@@TRAX:state "{}"')


def echo():
    """Say what it was given, in the confidence of all things."""
    greet()
    for line in sys.stdin:
        with Path(sys.argv[2]).open("a") as log:
            log.write(line)
        if line.startswith("@@TRAX:quit"):
            return
        if line.startswith("@@TRAX:frame"):
            say('@@TRAX:state "1,2,3,4"')


def surroundings():
    """Write down where it runs, and with which variables."""
    with Path(sys.argv[2]).open("w") as file:
        for name in ("GREETING", "PATH", "LD_LIBRARY_PATH"):
            file.write(f"{name}={os.environ.get(name, '')}\n")
        file.write(f"folder={Path.cwd()}\n")
    rectangle()


def trouble():
    """Get into the trouble named, in the frame named, counted over all it is given."""
    kind, frame = sys.argv[2], int(sys.argv[3])
    greet()
    count = 0
    for name, words in requests():
        if name == "initialize":
            target = words[0]
            continue
        if count == frame:
            sys.stderr.write("it began\nto go wrong\n")
            sys.stderr.flush()
            TROUBLES[kind]()
        count += 1
        say(f'@@TRAX:state "{target}"')


def flood():
    while True:
        os.write(2, b"all work and no play\n" * 1000)


def hang_with_a_child():
    subprocess.run(["sleep", "61.5"])


def die_with_a_child():
    subprocess.Popen(["sleep", "61.5"])
    os._exit(5)


TROUBLES = {
    "crash": lambda: os.kill(os.getpid(), 11),
    "exit": lambda: os._exit(3),
    "raise": lambda: 1 / 0,
    "hang": lambda: time.sleep(61.5),
    "child": hang_with_a_child,
    "orphan": die_with_a_child,
    "flood": flood,
    "deaf": lambda: (os.close(1), time.sleep(61.5)),
    "endless": lambda: [os.write(1, b"x" * 65536) for _ in iter(int, 1)],
    "text": lambda: say('@@TRAX:state "abc"'),
    "three": lambda: say('@@TRAX:state "1,2,3"'),
    "none": lambda: say("@@TRAX:state"),
    "empty": lambda: say('@@TRAX:state ""'),
    "two": lambda: say('@@TRAX:state "1,2,3,4" "5,6,7,8"'),
    "quote": lambda: say('@@TRAX:state "1,2,3,4'),
    "nameless": lambda: say("@@TRAX:"),
    "hello": lambda: say("@@TRAX:hello"),
    "mask": lambda: say('@@TRAX:state "mask:1,2,-3,4,0,12"'),
    "huge": lambda: say('@@TRAX:state "mask:1,2,300000,300000,0,5"'),
    "confidence": lambda: say('@@TRAX:state "1,2,3,4" "confidence=much"'),
    "twice": lambda: say('@@TRAX:state "1,2,3,4"\n@@TRAX:state "1,2,3,4"'),
    "quit": lambda: say('@@TRAX:quit "trax.reason=out of memory"'),
}


def late():
    """Say nothing at first."""
    time.sleep(61.5)


def dumb():
    """Take leave before it was greeted."""
    sys.stderr.write("no licence\n")
    sys.exit(4)


def future():
    greet("rectangle;", "9")
    track("rectangle")


def circle():
    greet("circle;")
    track("rectangle")


def depth():
    say('@@TRAX:hello "trax.version=4" "trax.channels=depth;"')
    track("rectangle")


def memory():
    """Ask for pixels, and say the first one's colour where the target is."""
    say('@@TRAX:hello "trax.version=4" "trax.image=memory;" "trax.region=rectangle;"')
    import base64

    for name, words in requests():
        if name == "initialize":
            continue
        width, height, kind, data = words[0].removeprefix("image:").split(";", 3)
        red, green, blue = base64.b64decode(data)[:3]
        assert kind == "rgb" and len(base64.b64decode(data)) == int(width) * int(height) * 3
        say(f'@@TRAX:state "{red},{green},{width},{height}" "confidence={blue}"')


def data():
    """Ask for files as they are, and say how long they are."""
    say('@@TRAX:hello "trax.version=4" "trax.image=data;" "trax.region=rectangle;"')
    import base64

    for name, words in requests():
        if name == "initialize":
            continue
        head, body = words[0].split(";", 1)
        assert head == "data:image/png", head
        say(f'@@TRAX:state "1,2,3,{len(base64.b64decode(body))}"')


if __name__ == "__main__":
    globals()[sys.argv[1]]()
