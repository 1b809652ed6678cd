"""The steps that may come before a picture is taken.

A step is ``(kind, value)``. Selectors are CSS, and may end in
``:contains(some text)``.
"""

import time

from .console import SuiteError


def click(page, value):
    """Click the element."""
    point = page.wait_for(value)
    page.mouse("mouseMoved", point)
    page.mouse("mousePressed", point, clickCount=1)
    page.mouse("mouseReleased", point, clickCount=1)


def hover(page, value):
    """Move the mouse over the element."""
    page.mouse("mouseMoved", page.wait_for(value))


def fill(page, value):
    """Type into a field: ``SELECTOR => TEXT``."""
    selector, text = _pair(value)
    click(page, selector)
    page.evaluate("document.activeElement.select?.()")
    page.session.call("Input.insertText", text=text)


def press(page, value):
    """Press a key by its name, such as Enter, Escape or Tab."""
    codes = {"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}
    text = {"text": "\r"} if value == "Enter" else {}
    key = {"key": value, "code": value, "windowsVirtualKeyCode": codes.get(value, 0)}
    page.session.call("Input.dispatchKeyEvent", type="keyDown", **key, **text)
    page.session.call("Input.dispatchKeyEvent", type="keyUp", **key)


def drag(page, value):
    """Drag one element onto another: ``SELECTOR => SELECTOR``."""
    source, target = _pair(value)
    start = page.wait_for(source)
    end = page.wait_for(target)
    start = page.wait_for(source)
    page.mouse("mouseMoved", start)
    page.mouse("mousePressed", start, clickCount=1)
    for part in range(1, 11):
        point = [s + (e - s) * part / 10 for s, e in zip(start, end, strict=True)]
        page.mouse("mouseMoved", point, buttons=1)
        time.sleep(0.03)
    page.mouse("mouseReleased", end, clickCount=1)


def js(page, value):
    """Run JavaScript and print what it returns."""
    result = page.evaluate(value)
    if result is not None:
        print(result)


def wait(page, value):
    """Wait for the element, or for a number of seconds."""
    if value.replace(".", "", 1).isdigit():
        page.session.pump(0)
        time.sleep(float(value))
    else:
        page.wait_for(value)


def _pair(value):
    first, separator, second = value.partition("=>")
    if not separator:
        raise SuiteError(f"“{value}” should read: SELECTOR => VALUE")
    return first.strip(), second.strip()


KINDS = {
    function.__name__: function
    for function in (click, hover, fill, press, drag, js, wait)
}


def perform(page, steps):
    """Take the steps one after the other, each until the page is idle."""
    for kind, value in steps:
        if kind not in KINDS:
            raise SuiteError(f"Unknown step “{kind}”; known: {', '.join(KINDS)}")
        KINDS[kind](page, value)
        page.wait_until_idle()
