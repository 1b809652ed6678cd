/** A small chart with its numbers, as the server gives it. */

const NUMBERS = {
    count: 0,
    amount: 0,
    states: { late: 0, soon: 0, ok: 0, none: 0 },
    owners: [],
    nobody: 0,
    oldest: false,
    arrived: 0,
    entered: 0,
    left: 0,
    median_hours: false,
    p90_hours: false,
    departed: 0,
    onward: 0,
};

export function makeNode(key, values = {}) {
    return {
        key,
        id: 1,
        rank: 0,
        name: key,
        phase: "lead",
        outcome: "open",
        color: 0,
        department: false,
        goal: false,
        link: false,
        video: false,
        position: false,
        handover: false,
        owner: false,
        ownerless: false,
        limit: false,
        ...NUMBERS,
        ...values,
    };
}

export function makeEdge(source, target, values = {}) {
    return {
        source,
        target,
        drawn: true,
        moves: [{ id: 1, trigger: "manual", name: null, condition: null, broken: false }],
        count: 0,
        exceptions: 0,
        returned: 0,
        ...values,
    };
}

export function makeChart(values = {}) {
    return {
        process: {
            id: 1,
            name: "Customer Lifecycle",
            state: "published",
            is_template: false,
            base_id: 1,
            is_draft: false,
            draft_id: false,
            revision: 2,
            can_edit: true,
        },
        nodes: [
            makeNode("new", {
                name: "New",
                rank: 0,
                count: 12,
                amount: 12000,
                states: { late: 3, soon: 2, ok: 7, none: 0 },
                owners: [{ id: 2, name: "Anna", count: 10 }],
                nobody: 2,
                arrived: 20,
                entered: 20,
                left: 8,
                median_hours: 30,
                p90_hours: 100,
                departed: 8,
                onward: 6,
                limit: { id: 1, name: "5 working days", hours: 40, day: 8 },
            }),
            makeNode("offer", { name: "Offer", rank: 1, department: "Sales" }),
            makeNode("lost", { name: "Lost", rank: 2, outcome: "lost" }),
        ],
        edges: [
            makeEdge("new", "offer", { count: 6, exceptions: 1 }),
            makeEdge("new", "lost", { count: 2 }),
            makeEdge("offer", "new", { count: 1, drawn: false, moves: [] }),
        ],
        bottleneck: {
            key: "new",
            title: "Bottleneck: New",
            texts: ["More come than leave: 20 came and 8 left in 90 days."],
        },
        scope: {
            as_of: null,
            since: "2026-01-01 00:00:00",
            until: "2026-04-01 00:00:00",
            days: 90,
        },
        ...values,
    };
}

export const CONTEXT = {
    process_id: 1,
    processes: [
        { id: 1, name: "Customer Lifecycle", state: "published", is_template: false },
        { id: 2, name: "Projects", state: "draft", is_template: false },
    ],
    filters: [
        { name: "team", label: "Sales Team", model: "crm.team" },
        { name: "owner", label: "Owner", model: "res.users" },
    ],
    currency_id: 1,
};

/** A trend in which nothing has happened yet. */
export const TREND = {
    stage_id: 1,
    months: Array.from({ length: 12 }, (_, index) => ({
        month: `2026-${String(index + 1).padStart(2, "0")}`,
        left: 0,
        median_days: false,
        onward: false,
    })),
    targets: { conversion: 0, stay: 0 },
    benchmarks: { conversion: 0, stay: 0 },
    changes: [],
};
