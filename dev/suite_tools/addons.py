"""The addons of this checkout, as their manifests describe them."""

import ast

from .paths import ROOT, UMBRELLA

# What the suite stands on; the template holds it before any addon exists.
BASE_DEPENDS = ("contacts", "crm", "sale_crm", "sale_management", "base_automation")


def manifest(folder):
    """Return the manifest of the addon in ``folder``."""
    return ast.literal_eval((folder / "__manifest__.py").read_text())


def folders():
    """Return ``{technical name: folder}`` of the addons that exist."""
    found = {
        path.parent.name: path.parent
        for path in sorted(ROOT.glob("*/__manifest__.py"))
        if (path.parent / "__init__.py").exists()
    }
    if (ROOT / "__manifest__.py").exists():
        found[UMBRELLA] = ROOT
    return found


def closure(names):
    """Return those of our addons that the named ones need, with themselves."""
    ours = folders()
    found, queue = set(), list(names)
    while queue:
        name = queue.pop()
        if name in ours and name not in found:
            found.add(name)
            queue += manifest(ours[name])["depends"]
    return found


def external_depends(alone=()):
    """Return the Odoo modules that our addons depend on, sorted.

    With ``alone`` only what those addons say themselves, so that a
    dependency which another addon happens to bring is missed.
    """
    ours = folders()
    names = closure(alone) if alone else set(ours)
    depends = {name for part in names for name in manifest(ours[part])["depends"]}
    return sorted(depends.difference(ours).union(() if alone else BASE_DEPENDS))


def roots():
    """Return the addons that no other addon of ours depends on."""
    ours = folders()
    needed = {name for folder in ours.values() for name in manifest(folder)["depends"]}
    return sorted(set(ours) - needed)
