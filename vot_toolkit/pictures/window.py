"""A window that plays frames, by Tk: OpenCV comes without windows here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import cv2

from vot_toolkit.errors import UsageError
from vot_toolkit.pictures.drawing import Image

if TYPE_CHECKING:
    import tkinter

HELP = "space: stop or play · ← →: one frame · home, end · q: close"
NO_WINDOW = "give --out FILE.mp4 or --out FILE.png"


class Player:
    """Which frame is shown, and what keys do to it.

    Parameters
    ----------
    count : int
        Frames, at least one.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.place = 0
        self.playing = True

    def advance(self) -> None:
        """Go to the next frame while playing; stop at the last."""
        if self.playing and self.place + 1 < self.count:
            self.place += 1
        else:
            self.playing = False

    def press(self, key: str) -> bool:
        """Do what a key asks for.

        Parameters
        ----------
        key : str
            As Tk names it.

        Returns
        -------
        bool
            False when the window is to close.

        Examples
        --------
        >>> player = Player(3)
        >>> player.press("End"), player.place, player.playing, player.press("q")
        (True, 2, False, False)
        """
        steps = {"Left": -1, "Right": 1, "Home": -self.count, "End": self.count}
        if key in steps:
            self.playing = False
            self.place = min(max(self.place + steps[key], 0), self.count - 1)
        elif key == "space":
            self.place = 0 if self.place + 1 == self.count else self.place
            self.playing = not self.playing
        return key not in ("q", "Escape")


def show_window(
    title: str, frames: Sequence[int], draw: Callable[[int], Image], fps: float
) -> None:
    """Play frames until the window is closed.

    Parameters
    ----------
    title : str
        Of the window.
    frames : sequence of int
        Which frames, in order.
    draw : callable
        Gives the picture of one of them.
    fps : float
        Frames per second, above 0.

    Raises
    ------
    UsageError
        If there is no Tk or no display.
    """
    root = _open(title)
    import tkinter

    label = tkinter.Label(root, borderwidth=0)
    label.pack()
    tkinter.Label(root, text=HELP).pack()
    player = Player(len(frames))
    picture: list[tkinter.PhotoImage] = []  # Tk shows only what something refers to

    def show() -> None:
        picture[:] = [_photo(root, draw(frames[player.place]))]
        label.configure(image=picture[0])

    def tick() -> None:
        if player.playing:
            player.advance()
            show()
        root.after(max(1, round(1000 / fps)), tick)

    def press(event: tkinter.Event[tkinter.Misc]) -> None:
        if player.press(event.keysym):
            show()
        else:
            root.destroy()

    root.bind("<Key>", press)
    show()
    root.after(max(1, round(1000 / fps)), tick)
    root.mainloop()


def _open(title: str) -> tkinter.Tk:
    try:
        import tkinter
    except ImportError:
        raise UsageError("this Python has no Tk, so there are no windows", hint=NO_WINDOW) from None
    try:
        root = tkinter.Tk()
    except tkinter.TclError as error:
        raise UsageError(f"no window can be opened: {error}", hint=NO_WINDOW) from None
    root.title(title)
    return root


def _photo(root: tkinter.Tk, image: Image) -> tkinter.PhotoImage:
    import tkinter

    # Quickly packed: it goes no further than to the window.
    _, data = cv2.imencode(".png", image, (cv2.IMWRITE_PNG_COMPRESSION, 1))
    return tkinter.PhotoImage(master=root, data=base64.b64encode(data.tobytes()), format="png")
