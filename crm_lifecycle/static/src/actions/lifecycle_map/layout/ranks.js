/**
 * Which column a node stands in: one after all that lead to it.
 *
 * Plain graph work on keys. What comes first in the definition is looked at first,
 * so that a chart that changes little is drawn much as before.
 */

/**
 * Edges that close a loop: those that lead back to a node on the way to them.
 *
 * @param {string[]} keys nodes in the order of the definition
 * @param {{source: string, target: string}[]} edges
 * @returns {Set<object>} of the given edges
 */
export function findBackEdges(keys, edges) {
    const outgoing = groupBy(edges, "source");
    const state = new Map(); // key: 1 on the way, 2 done
    const back = new Set();
    const visit = (key) => {
        state.set(key, 1);
        for (const edge of outgoing.get(key) || []) {
            if (state.get(edge.target) === 1) {
                back.add(edge);
            } else if (!state.has(edge.target)) {
                visit(edge.target);
            }
        }
        state.set(key, 2);
    };
    for (const key of keys) {
        if (!state.has(key)) {
            visit(key);
        }
    }
    return back;
}

/**
 * The column of each node: the longest way to it. Where nobody leads to, a node
 * stands right before what it leads to.
 *
 * @param {string[]} keys nodes in the order of the definition
 * @param {{source: string, target: string}[]} edges without loops
 * @returns {Map<string, number>}
 */
export function assignColumns(keys, edges) {
    const incoming = groupBy(edges, "target");
    const outgoing = groupBy(edges, "source");
    const columns = new Map();
    const place = (key) => {
        if (!columns.has(key)) {
            const before = (incoming.get(key) || []).map((edge) => place(edge.source));
            columns.set(key, before.length ? Math.max(...before) + 1 : 0);
        }
        return columns.get(key);
    };
    keys.forEach(place);
    for (const key of keys) {
        if (!incoming.has(key) && outgoing.has(key)) {
            const after = outgoing.get(key).map((edge) => columns.get(edge.target));
            columns.set(key, Math.max(Math.min(...after) - 1, 0));
        }
    }
    return columns;
}

/**
 * Columns of a part of the chart. Lost ones stand below the last that leads to them
 * and take no column of their own; what is joined to nothing comes at the end.
 *
 * @param {object[]} nodes of one phase, in the order of the definition
 * @param {object[]} edges drawn moves between them
 * @returns {Map<string, number>}
 */
export function rankNodes(nodes, edges) {
    const lost = new Set(nodes.filter((node) => node.outcome === "lost").map((n) => n.key));
    const keys = nodes.map((node) => node.key).filter((key) => !lost.has(key));
    const among = edges.filter((edge) => !lost.has(edge.source) && !lost.has(edge.target));
    const back = findBackEdges(keys, among);
    const forward = among.filter((edge) => !back.has(edge));
    const columns = assignColumns(keys, forward);
    const last = Math.max(-1, ...columns.values());
    const joined = new Set(among.flatMap((edge) => [edge.source, edge.target]));
    const loose = keys.filter((key) => !joined.has(key) && among.length);
    loose.forEach((key, index) => columns.set(key, last + 1 + index));
    if (!among.length) {
        keys.forEach((key, index) => columns.set(key, index));
    }
    const incoming = groupBy(edges, "target");
    for (const key of lost) {
        const before = (incoming.get(key) || []).map((edge) => columns.get(edge.source) ?? 0);
        columns.set(key, Math.max(0, ...(before.length ? before : columns.values())));
    }
    return columns;
}

/**
 * @param {object[]} items
 * @param {string} name of the property to group by
 * @returns {Map<any, object[]>}
 */
export function groupBy(items, name) {
    const groups = new Map();
    for (const item of items) {
        if (!groups.has(item[name])) {
            groups.set(item[name], []);
        }
        groups.get(item[name]).push(item);
    }
    return groups;
}
