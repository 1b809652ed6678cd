"""QR codes as small pictures that need neither a server nor a drawing library."""

from base64 import b64encode

from reportlab.graphics.barcode.qr import QrCodeWidget

BORDER = 4  # modules of white around it, as the standard asks for
LIMIT = 1500  # characters, well below what a code can hold


def get_qr_code(text):
    """The code of ``text`` as the URL of an SVG picture; ``False`` when it is too long.

    >>> get_qr_code("https://example.com").startswith("data:image/svg+xml;base64,")
    True
    >>> get_qr_code("x" * 5000)
    False
    """
    if not text or len(text.encode()) > LIMIT:
        return False
    code = QrCodeWidget(text, barLevel="M").qr
    code.make()
    size = code.getModuleCount()
    path = "".join(
        f"M{column + BORDER} {row + BORDER}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if code.isDark(row, column)
    )
    side = size + 2 * BORDER
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{path}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
