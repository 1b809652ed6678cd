import { useExternalListener } from "@odoo/owl";

const TEXT = "input, textarea, select, [contenteditable='true']";

/**
 * The keys of drawing: undo, redo, delete what is selected, add a stage.
 *
 * They are not taken from whoever types, nor from a dialog.
 *
 * @param {import("../lifecycle_map").LifecycleMap} map
 */
export function useEditingKeys(map) {
    useExternalListener(window, "keydown", (ev) => {
        const { editor, ui } = map;
        const isElsewhere = ev.target.closest?.(TEXT) || ui.activeElement !== document;
        const name = getCommand(ev);
        if (!editor.isActive || isElsewhere || !name) {
            return;
        }
        ev.preventDefault();
        if (name === "add") {
            map.addStage();
        } else {
            editor[name]();
        }
    });
}

function getCommand(ev) {
    const key = ev.key.toLowerCase();
    if (ev.ctrlKey || ev.metaKey) {
        return { z: ev.shiftKey ? "redo" : "undo", y: "redo" }[key];
    }
    return { delete: "remove", n: "add" }[key];
}
