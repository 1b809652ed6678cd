/**
 * The chart as BPMN 2.0, which other modelling tools open: one pool for leads and one for
 * customers, a lane for each department, stages as tasks, moves as sequence flows, the
 * change from lead to customer as a message flow, and the drawing as it stands.
 */

const NAMESPACES = {
    xmlns: "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
};
const EVENT = 36; // width of a start or end event
const PHASES = ["lead", "customer"];

/**
 * @param {object} chart process, nodes and edges, as the map has them
 * @param {object} layout of the chart
 * @param {(name: string) => string} translate names of pools: lead, customer, lost
 * @returns {string} the text of a BPMN file
 */
export function makeBpmn(chart, layout, translate) {
    const nodes = chart.nodes.filter((node) => layout.nodes.has(node.key));
    const known = new Map(nodes.map((node) => [node.key, node]));
    const edges = chart.edges
        .filter((edge) => edge.drawn && known.has(edge.source) && known.has(edge.target))
        .map((edge, index) => ({ ...edge, id: `flow_${index + 1}` }));
    const ids = new Map(nodes.map((node, index) => [node.key, `stage_${index + 1}`]));
    const phases = PHASES.filter((phase) => nodes.some((node) => node.phase === phase));
    const context = { chart, layout, nodes, known, edges, ids, phases, translate };
    const document = tag("definitions", getDefinitionAttributes(chart), [
        getCollaboration(context),
        ...phases.map((phase) => getProcess(context, phase)),
        getDiagram(context),
    ]);
    return `<?xml version="1.0" encoding="UTF-8"?>\n${write(document, 0)}`;
}

function getDefinitionAttributes(chart) {
    return {
        ...NAMESPACES,
        id: "definitions",
        name: chart.process.name,
        targetNamespace: "urn:crm_lifecycle",
    };
}

function isPassage({ known }, edge) {
    return known.get(edge.source).phase !== known.get(edge.target).phase;
}

function getCollaboration(context) {
    const { phases, edges, ids, translate } = context;
    return tag("collaboration", { id: "collaboration" }, [
        ...phases.map((phase) =>
            tag("participant", {
                id: `pool_${phase}`,
                name: translate(phase),
                processRef: `process_${phase}`,
            })
        ),
        ...edges
            .filter((edge) => isPassage(context, edge))
            .map((edge) =>
                tag("messageFlow", {
                    id: edge.id,
                    sourceRef: ids.get(edge.source),
                    targetRef: ids.get(edge.target),
                })
            ),
    ]);
}

function getProcess(context, phase) {
    const { nodes, layout, translate } = context;
    const ours = nodes.filter((node) => node.phase === phase);
    const flows = context.edges.filter(
        (edge) => !isPassage(context, edge) && context.known.get(edge.source).phase === phase
    );
    const lanes = layout.lanes
        .map((lane, index) => ({ ...lane, id: `lane_${index + 1}` }))
        .filter((lane) => lane.phase === phase);
    return tag("process", { id: `process_${phase}`, isExecutable: "false" }, [
        tag(
            "laneSet",
            { id: `lanes_${phase}` },
            lanes.map((lane) =>
                tag(
                    "lane",
                    { id: lane.id, name: lane.name === "lost" ? translate("lost") : lane.name },
                    ours
                        .filter(({ key }) => layout.nodes.get(key).lane === lane.name)
                        .map(({ key }) => tag("flowNodeRef", {}, context.ids.get(key)))
                )
            )
        ),
        ...ours.map((node) => getFlowNode(context, node, flows)),
        ...flows.map((flow) => getFlow(context, flow)),
    ]);
}

/** Where one is won or lost and nothing leads on, it ends; all else is a task. */
function getFlowNode({ ids }, node, flows) {
    const incoming = flows.filter((flow) => flow.target === node.key);
    const outgoing = flows.filter((flow) => flow.source === node.key);
    const name = getElementName(node, outgoing);
    return tag(name, { id: ids.get(node.key), name: node.name }, [
        ...(node.goal ? [tag("documentation", {}, node.goal)] : []),
        ...incoming.map((flow) => tag("incoming", {}, flow.id)),
        ...outgoing.map((flow) => tag("outgoing", {}, flow.id)),
    ]);
}

function getElementName(node, outgoing) {
    if (node.outcome !== "open" && !outgoing.length) {
        return "endEvent";
    }
    return node.handover ? "userTask" : "task";
}

function getFlow({ ids }, flow) {
    const [move] = flow.moves;
    const attributes = {
        id: flow.id,
        sourceRef: ids.get(flow.source),
        targetRef: ids.get(flow.target),
    };
    if (move.name) {
        attributes.name = move.name;
    }
    const condition = move.condition
        ? [tag("conditionExpression", { "xsi:type": "tFormalExpression" }, move.condition)]
        : [];
    return tag("sequenceFlow", attributes, condition);
}

// ------------------------------------------------------------
// The drawing
// ------------------------------------------------------------

function getDiagram(context) {
    const { layout, nodes, edges, ids, phases } = context;
    const pools = phases.map((phase) => {
        const lanes = layout.lanes.filter((lane) => lane.phase === phase);
        const top = Math.min(...lanes.map((lane) => lane.y));
        const bottom = Math.max(...lanes.map((lane) => lane.y + lane.height));
        const box = { x: -30, y: top, width: layout.width + 30, height: bottom - top };
        return getShape(`pool_${phase}`, box, true);
    });
    const lanes = layout.lanes.map((lane, index) => getShape(`lane_${index + 1}`, lane, true));
    const shapes = nodes.map((node) => {
        const box = layout.nodes.get(node.key);
        const outgoing = edges.filter(
            (edge) => edge.source === node.key && !isPassage(context, edge)
        );
        const isEvent = getElementName(node, outgoing) === "endEvent";
        return getShape(ids.get(node.key), isEvent ? shrink(box) : box);
    });
    const lines = edges.map((edge) =>
        tag(
            "bpmndi:BPMNEdge",
            { id: `${edge.id}_di`, bpmnElement: edge.id },
            layout.edges
                .get(`${edge.source}>${edge.target}`)
                .points.map(([x, y]) => tag("di:waypoint", { x: round(x), y: round(y) }))
        )
    );
    return tag("bpmndi:BPMNDiagram", { id: "diagram" }, [
        tag("bpmndi:BPMNPlane", { id: "plane", bpmnElement: "collaboration" }, [
            ...pools,
            ...lanes,
            ...shapes,
            ...lines,
        ]),
    ]);
}

function getShape(id, { x, y, width, height }, isHorizontal = false) {
    const attributes = { id: `${id}_di`, bpmnElement: id };
    if (isHorizontal) {
        attributes.isHorizontal = "true";
    }
    const bounds = { x: round(x), y: round(y), width: round(width), height: round(height) };
    return tag("bpmndi:BPMNShape", attributes, [tag("dc:Bounds", bounds)]);
}

function shrink({ x, y, width, height }) {
    return {
        x: x + (width - EVENT) / 2,
        y: y + (height - EVENT) / 2,
        width: EVENT,
        height: EVENT,
    };
}

function round(number) {
    return Math.round(number);
}

// ------------------------------------------------------------
// XML
// ------------------------------------------------------------

function tag(name, attributes = {}, content = []) {
    return { name, attributes, content };
}

function write({ name, attributes, content }, depth) {
    const indent = "  ".repeat(depth);
    const written = Object.entries(attributes)
        .map(([key, value]) => ` ${key}="${escape(value)}"`)
        .join("");
    if (typeof content === "string") {
        return `${indent}<${name}${written}>${escape(content)}</${name}>`;
    }
    if (!content.length) {
        return `${indent}<${name}${written}/>`;
    }
    const inner = content.map((child) => write(child, depth + 1)).join("\n");
    return `${indent}<${name}${written}>\n${inner}\n${indent}</${name}>`;
}

function escape(value) {
    const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
    return String(value)
        .replace(/[&<>"]/g, (sign) => signs[sign])
        .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "");
}
