import { _t } from "@web/core/l10n/translation";

/**
 * What the toolbar offers, by what the map is used for at the moment. Main commands are
 * buttons where there is room; all others are in the menu.
 *
 * @param {import("./lifecycle_map").LifecycleMap} map
 * @returns {object[]} name, label, title, icon, isMain, isActive, isDisabled and run
 */
export function getCommands(map) {
    return map.model.editor.isActive ? getDrawing(map) : getWatching(map);
}

function getWatching(map) {
    const { chart, film } = map.model;
    const { process } = chart;
    const isLive = process.state !== "draft";
    return [
        {
            name: "today",
            label: _t("Today"),
            title: _t("What is late or due, by owner: for the morning meeting"),
            icon: "sun-o",
            isMain: true,
            run: () => map.doAction("crm_lifecycle.crm_sla_timer_action_board"),
        },
        isLive && {
            name: "replay",
            label: _t("Replay"),
            title: _t("Any moment of the past, and a period as a film"),
            icon: "history",
            isMain: true,
            isActive: film.isOpen,
            run: () => map.toggleFilm(),
        },
        isLive && {
            name: "conformance",
            label: _t("As Drawn?"),
            title: _t("What really happened against what is drawn"),
            icon: "random",
            isMain: true,
            isActive: map.state.side === "conformance",
            run: () => map.toggleSide("conformance"),
        },
        map.model.options.revision_id && {
            name: "difference",
            label: _t("Changes"),
            title: _t("What this revision changed against the one before"),
            icon: "exchange",
            isMain: true,
            isActive: map.state.side === "difference",
            run: () => map.toggleSide("difference"),
        },
        process.can_edit && {
            name: "edit",
            label: _t("Edit"),
            title: _t("Draw in the draft; what runs goes on until you publish"),
            icon: "pencil",
            isMain: true,
            run: () => map.startEditing(),
        },
        ...getViews(map),
        ...getExports(map),
    ].filter(Boolean);
}

function getDrawing(map) {
    const { editor } = map.model;
    return [
        {
            name: "add",
            label: _t("Stage"),
            title: _t("Add a stage, after the one that is selected (N)"),
            icon: "plus",
            isMain: true,
            run: () => map.addStage(),
        },
        {
            name: "undo",
            label: _t("Undo"),
            title: _t("Undo (Ctrl+Z)"),
            icon: "undo",
            isMain: true,
            isDisabled: !editor.canUndo,
            run: () => editor.undo(),
        },
        {
            name: "redo",
            label: _t("Redo"),
            title: _t("Redo (Ctrl+Y)"),
            icon: "repeat",
            isMain: true,
            isDisabled: !editor.canRedo,
            run: () => editor.redo(),
        },
        {
            name: "difference",
            label: _t("Changes"),
            title: _t("What the draft changes, on the map and in words"),
            icon: "exchange",
            isMain: true,
            isActive: map.state.side === "difference",
            run: () => map.toggleSide("difference"),
        },
        {
            name: "publish",
            label: _t("Publish…"),
            title: _t("See what it changes and brings about, then let it run"),
            icon: "rocket",
            isMain: true,
            isPrimary: true,
            run: () => map.publish(),
        },
        {
            name: "stop",
            label: _t("Done"),
            title: _t("Stop drawing; the draft stays"),
            icon: "check",
            isMain: true,
            run: () => map.stopEditing(),
        },
        getArrange(editor),
        ...getExports(map),
    ];
}

function getArrange(editor) {
    return {
        name: "arrange",
        label: _t("Arrange by Itself"),
        icon: "magic",
        run: () => editor.arrange(),
    };
}

function getViews(map) {
    return [
        {
            name: "form",
            label: _t("Open the Process"),
            icon: "external-link",
            run: () => map.openForm(),
        },
        {
            name: "suggestions",
            label: _t("Suggestions"),
            icon: "lightbulb-o",
            run: () => map.callAction("action_view_suggestions"),
        },
        {
            name: "reviews",
            label: _t("Reviews"),
            icon: "calendar-check-o",
            run: () => map.callAction("action_view_reviews"),
        },
        {
            name: "raci",
            label: _t("RACI Table"),
            icon: "table",
            run: () => map.callAction("action_view_raci"),
        },
    ];
}

function getExports(map) {
    return [
        { name: "print", label: _t("Print"), icon: "print", run: () => map.print() },
        {
            name: "svg",
            label: _t("Save as SVG"),
            icon: "file-image-o",
            run: () => map.save("svg"),
        },
        {
            name: "png",
            label: _t("Save as PNG"),
            icon: "picture-o",
            run: () => map.save("png"),
        },
        {
            name: "bpmn",
            label: _t("Save as BPMN"),
            icon: "sitemap",
            run: () => map.save("bpmn"),
        },
        {
            name: "json",
            label: _t("Save as JSON"),
            icon: "download",
            run: () => map.callAction("action_export"),
        },
    ];
}
