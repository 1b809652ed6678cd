import { MapEditor } from "./editor/map_editor";
import { layoutChart } from "./layout/layout";
import { MapFilm } from "./map_film";

const REFRESH_DELAY = 1500; // at most so often does a map follow what moves

/**
 * What a map shows and how it came to it: the one owner of its state.
 *
 * Components observe it; whatever changes goes through its methods.
 */
export class MapModel {
    /**
     * @param {{orm: object, action: object}} services
     * @param {{direction: string, rtl: boolean}} display
     */
    constructor(services, display) {
        this.services = services;
        this.display = display;
        this.context = { processes: [], filters: [], currency_id: false };
        this.processId = false;
        this.options = { days: 90, as_of: false, filters: {} };
        this.chart = null;
        this.layout = null;
        this.layoutKey = "";
        this.selection = null;
        this.changed = new Set();
        this.isLoading = false;
        this.timer = null;
        this.request = 0;
        this.editor = new MapEditor(this);
        this.film = new MapFilm(this);
    }

    // ------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------

    /**
     * @param {number|false} processId the process to open, else the first that runs
     */
    async start(processId) {
        await this.readContext(processId);
        this.processId = this.context.process_id;
        if (this.processId) {
            await this.load();
        }
    }

    async readContext(processId) {
        const { orm } = this.services;
        const method = "get_lifecycle_map_context";
        this.context = await orm.call("crm.lifecycle.process", method, [processId || false]);
    }

    /** Read the chart and its numbers anew. */
    async load() {
        const request = ++this.request;
        this.isLoading = true;
        try {
            const chart = await this.call("get_lifecycle_map", [this.options]);
            if (request === this.request) {
                this.show(chart);
            }
        } finally {
            if (request === this.request) {
                this.isLoading = false;
            }
        }
    }

    /** Something has moved: read the numbers, but not more often than is good. */
    refreshSoon() {
        if (!this.timer && !this.options.as_of) {
            this.timer = setTimeout(() => {
                this.timer = null;
                this.load();
            }, REFRESH_DELAY);
        }
    }

    stop() {
        clearTimeout(this.timer);
        this.film.pause();
        this.request++;
    }

    call(method, args) {
        return this.services.orm.silent.call("crm.lifecycle.process", method, [
            [this.processId],
            ...args,
        ]);
    }

    /**
     * Show a chart; stages whose numbers are others than before are remembered.
     *
     * @param {object} chart as ``get_lifecycle_map`` gives it
     */
    show(chart) {
        const isSame = this.chart && this.chart.process.id === chart.process.id;
        const before = new Map(isSame ? this.chart.nodes.map((n) => [n.key, n.count]) : []);
        this.changed = new Set(
            chart.nodes
                .filter(({ key, count }) => before.has(key) && before.get(key) !== count)
                .map(({ key }) => key)
        );
        this.chart = chart;
        this.arrange();
        if (this.selection && !this.selected) {
            this.selection = null;
        }
    }

    /** Draw what is gone as well, for as long as a difference is shown. */
    addFormer({ nodes, edges }) {
        const { chart } = this;
        this.show({
            ...chart,
            nodes: [...chart.nodes, ...nodes],
            edges: [...chart.edges.filter((edge) => edge.drawn), ...edges],
        });
    }

    /** Lay the chart out anew when it is another one than before. */
    arrange() {
        const { nodes, edges } = this.chart;
        const key = JSON.stringify([
            this.display,
            nodes.map((n) => [n.key, n.phase, n.outcome, n.department, n.position]),
            edges.map((e) => [e.source, e.target, e.drawn]),
        ]);
        if (key !== this.layoutKey) {
            this.layoutKey = key;
            this.layout = layoutChart(nodes, edges, this.display);
        }
    }

    // ------------------------------------------------------------
    // Asking
    // ------------------------------------------------------------

    get isNow() {
        return !this.options.as_of;
    }

    get activeFilters() {
        return Object.values(this.options.filters).filter((ids) => ids.length).length;
    }

    /** The greatest traffic of an edge. */
    get peak() {
        return Math.max(4, ...this.chart.edges.map((edge) => edge.count || 0));
    }

    getNode(key) {
        return this.chart.nodes.find((node) => node.key === key);
    }

    getEdges(key, end) {
        return this.chart.edges.filter((edge) => edge[end] === key);
    }

    /** The node or edge that is selected. */
    get selected() {
        const { selection, chart } = this;
        if (!selection) {
            return null;
        }
        if (selection.kind === "node") {
            return this.getNode(selection.key) || null;
        }
        return (
            chart.edges.find(
                ({ source, target }) => source === selection.source && target === selection.target
            ) || null
        );
    }

    isSelected(item) {
        const { selection } = this;
        return Boolean(
            selection &&
                (selection.kind === "node"
                    ? item.key === selection.key
                    : item.source === selection.source && item.target === selection.target)
        );
    }

    // ------------------------------------------------------------
    // Changing what is shown
    // ------------------------------------------------------------

    async choose(processId) {
        this.processId = processId;
        this.selection = null;
        this.options = { ...this.options, as_of: false, revision_id: false };
        if (!this.context.processes.some(({ id }) => id === processId)) {
            await this.readContext(processId);
        }
        await this.load();
    }

    async setOptions(options) {
        this.options = { ...this.options, ...options };
        await this.load();
    }

    setFilter(name, ids) {
        return this.setOptions({ filters: { ...this.options.filters, [name]: ids } });
    }

    setDirection(direction) {
        if (direction !== this.display.direction) {
            this.display = { ...this.display, direction };
            if (this.chart) {
                this.arrange();
            }
        }
    }

    select(selection) {
        this.selection = selection;
    }

    // ------------------------------------------------------------
    // Records behind the numbers
    // ------------------------------------------------------------

    /** The options by which numbers are counted again just as they are shown. */
    get countedOptions() {
        return { ...this.options, until: this.chart.scope.until };
    }

    /**
     * What a number counts, see ``open_lifecycle_map_records``.
     *
     * @param {object} item node or edge
     * @param {object} detail kind and others; an edge needs none
     * @returns {object}
     */
    describe(item, detail = {}) {
        if (item.key) {
            return { kind: "standing", stage: item.key, ...detail };
        }
        const kind = item.passage ? "entered" : "move";
        return { kind, source: item.source, stage: item.target, ...detail };
    }

    getRecords(item, detail) {
        return this.call("get_lifecycle_map_records", [
            this.countedOptions,
            this.describe(item, detail),
        ]);
    }

    async openRecords(item, detail) {
        const action = await this.call("open_lifecycle_map_records", [
            this.countedOptions,
            this.describe(item, detail),
        ]);
        return this.services.action.doAction(action);
    }

    openRecord({ model, res_id }) {
        return this.services.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id,
            views: [[false, "form"]],
        });
    }
}
