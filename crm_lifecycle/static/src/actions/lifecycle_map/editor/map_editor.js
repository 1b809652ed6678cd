/**
 * Drawing on the map: each change is one call of the server, and can be undone.
 *
 * What is undone is the draft as a whole: the server answers each change with a
 * snapshot of it, also when the change was made in a form.
 */
export class MapEditor {
    /**
     * @param {import("../map_model").MapModel} model
     */
    constructor(model) {
        this.model = model;
        this.close();
    }

    close() {
        this.isActive = false;
        this.isBusy = false;
        this.snapshot = null;
        this.past = [];
        this.future = [];
        this.findings = [];
        this.marks = [];
        this.newest = null;
    }

    get defects() {
        return this.findings.filter(({ level }) => level !== "hint").length;
    }

    /** Begin to draw: in the draft that is shown, else in the one of what runs. */
    async start() {
        const { model } = this;
        if (!model.chart.process.is_draft) {
            const action = await model.call("action_new_draft", []);
            await model.choose(action.res_id);
        }
        this.close();
        this.take(await model.call("get_lifecycle_draft", []));
        this.isActive = true;
    }

    take({ snapshot, findings, marks, map }) {
        Object.assign(this, { snapshot, findings, marks });
        if (map) {
            this.model.show(map);
        }
    }

    // ------------------------------------------------------------
    // Changing, undoing
    // ------------------------------------------------------------

    /**
     * @param {...object} changes see ``edit_lifecycle_map``
     */
    async edit(...changes) {
        const before = this.snapshot;
        await this.send(changes);
        this.past.push(before);
        this.future = [];
    }

    async send(changes) {
        this.isBusy = true;
        try {
            const { model } = this;
            this.take(await model.call("edit_lifecycle_map", [changes, model.options]));
        } finally {
            this.isBusy = false;
        }
    }

    /** Something was changed in a form: read it, and let it be undone as well. */
    async reload() {
        const before = this.snapshot;
        const answer = await this.model.call("get_lifecycle_draft", []);
        if (JSON.stringify(answer.snapshot) !== JSON.stringify(before)) {
            this.past.push(before);
            this.future = [];
        }
        this.take(answer);
        await this.model.load();
    }

    get canUndo() {
        return this.past.length > 0 && !this.isBusy;
    }

    get canRedo() {
        return this.future.length > 0 && !this.isBusy;
    }

    undo() {
        return this.restore(this.past, this.future);
    }

    redo() {
        return this.restore(this.future, this.past);
    }

    async restore(from, to) {
        if (!from.length || this.isBusy) {
            return;
        }
        const before = this.snapshot;
        await this.send([{ do: "restore", snapshot: from.at(-1) }]);
        from.pop();
        to.push(before);
    }

    // ------------------------------------------------------------
    // The changes
    // ------------------------------------------------------------

    /**
     * Add a stage; after the selected one, joined to it, if one is selected.
     *
     * @param {string} name
     */
    async add(name) {
        const { model } = this;
        const from = model.selection?.kind === "node" ? model.selected : null;
        const known = new Set(model.chart.nodes.map((node) => node.key));
        const nearest = from || model.chart.nodes.at(-1);
        await this.edit({
            do: "add_stage",
            name,
            phase: nearest ? nearest.phase : "lead",
            department: (from && from.department) || false,
            after: from ? from.key : false,
        });
        const added = model.chart.nodes.find((node) => !known.has(node.key));
        this.newest = added.key;
        if (from && from.outcome === "open") {
            await this.edit({ do: "add_move", source: from.key, target: added.key });
        }
        model.select({ kind: "node", key: added.key });
    }

    write(stage, values) {
        return this.edit({ do: "write_stage", stage, values });
    }

    async connect(source, target) {
        const { chart } = this.model;
        const isDrawn = chart.edges.some(
            (edge) => edge.source === source && edge.target === target && edge.drawn
        );
        if (source !== target && !isDrawn) {
            await this.edit({ do: "add_move", source, target });
            this.model.select({ kind: "edge", source, target });
        }
    }

    /** Remove what is selected. */
    async remove() {
        const { selection, selected } = this.model;
        if (!selected) {
            return;
        }
        const { source, target } = selection;
        const change =
            selection.kind === "node"
                ? { do: "remove_stage", stage: selection.key }
                : { do: "remove_move", source, target };
        await this.edit(change);
        this.model.select(null);
    }

    arrange() {
        return this.edit({ do: "arrange" });
    }
}
