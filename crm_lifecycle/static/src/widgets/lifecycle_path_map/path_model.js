/**
 * The way of one record through a chart, as the map draws it.
 *
 * @param {object} data of ``get_lifecycle_path_map``
 * @returns {object} the chart of the phases it was in: nodes with ``path`` (numbers, steps, status), edges with
 *  ``count`` of this record and those it took off the chart
 */
export function tracePath(data) {
    const steps = data.steps.map((step, index) => ({ ...step, number: index + 1 }));
    const ahead = findAhead(data.edges, steps.at(-1).key);
    const phases = new Set(steps.map(({ phase }) => phase));
    const known = data.nodes.filter(({ phase }) => phases.has(phase));
    const nodes = known.map((node) => ({
        ...node,
        path: describeNode(
            steps.filter(({ key }) => key === node.key),
            ahead.has(node.key)
        ),
    }));
    const edges = new Map(
        data.edges.map((edge) => [
            `${edge.source}>${edge.target}`,
            { ...edge, count: 0, exceptions: 0, returned: 0 },
        ])
    );
    for (const { source, key, drawn } of steps) {
        if (!source) {
            continue;
        }
        const id = `${source}>${key}`;
        if (!edges.has(id)) {
            const numbers = { count: 0, exceptions: 0, returned: 0 };
            edges.set(id, { source, target: key, drawn: false, moves: [], ...numbers });
        }
        const edge = edges.get(id);
        edge.count++;
        edge.wasOff = edge.wasOff || !drawn;
    }
    return { process: data.process, nodes, edges: [...edges.values()], bottleneck: null };
}

/** Stages that are still to come: those the drawn moves lead to from here. */
function findAhead(edges, key) {
    const ahead = new Set();
    const queue = [key];
    for (const current of queue) {
        for (const { source, target } of edges) {
            if (source === current && !ahead.has(target)) {
                ahead.add(target);
                queue.push(target);
            }
        }
    }
    return ahead;
}

function describeNode(steps, isAhead) {
    const last = steps.at(-1);
    const status = last && last.outcome === "lost" ? "lost" : last && last.status;
    return {
        steps,
        isAhead: isAhead && !steps.length,
        numbers: steps.map(({ number }) => number),
        days: steps.reduce((sum, step) => sum + step.days, 0),
        status: status || (isAhead ? "ahead" : "none"),
        marks: steps.flatMap((step) => step.marks || []),
    };
}
