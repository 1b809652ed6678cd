import { registry } from "@web/core/registry";

const NODE = (name) => `.o_lifecycle_map_node:has(.o_title:contains('${name}'))`;

registry.category("web_tour.tours").add("crm_lifecycle_map_watch_tour", {
    steps: () => [
        {
            content: "The running process with who stands where",
            trigger: `${NODE("Tour Stage")} .o_count text:contains('3')`,
        },
        {
            content: "Look at a stage",
            trigger: `${NODE("Tour Stage")} .o_title`,
            run: "click",
        },
        {
            content: "The first records are there",
            trigger: ".o_lifecycle_map_panel .o_lifecycle_map_record:contains('Tour Map Lead')",
        },
        {
            content: "Only those without owner",
            trigger: ".o_lifecycle_map_filter",
            run: "click",
        },
        {
            trigger: "#o_lifecycle_map_nobody",
            run: "click",
        },
        {
            trigger: `${NODE("Tour Stage")} .o_count text:contains('1')`,
        },
        {
            content: "A number opens what it counts",
            trigger: `${NODE("Tour Stage")} .o_count`,
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Tour Map Lead')",
        },
        {
            trigger: ".o_list_view:not(:has(.o_data_row:nth-child(2).o_data_row))",
        },
        {
            content: "A row is the lead",
            trigger: ".o_data_row:contains('Tour Map Lead') td[name='stage_id']",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Tour Map Lead')",
        },
    ],
});

/** Add a stage after the selected one, and name it. */
function add(name) {
    return [
        {
            content: `Add “${name}”`,
            trigger: "[data-command='add']",
            run: "click",
        },
        {
            trigger: "#o_lifecycle_map_name:value('New Stage')",
            run: `edit ${name} && press Tab`,
        },
        {
            trigger: NODE(name),
        },
    ];
}

function select(name) {
    return [
        {
            content: `Select “${name}”`,
            trigger: `${NODE(name)} .o_title`,
            run: "click",
        },
        {
            trigger: `#o_lifecycle_map_name:value('${name}')`,
        },
    ];
}

function setOutcome(outcome, name) {
    return [
        {
            trigger: "#o_lifecycle_map_outcome",
            run: `select ${outcome}`,
        },
        {
            trigger: `${NODE(name)}.o_lifecycle_map_${outcome}`,
        },
    ];
}

registry.category("web_tour.tours").add("crm_lifecycle_map_draw_tour", {
    steps: () => [
        {
            content: "An empty draft",
            trigger: "[data-command='edit']",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_map_editing .o_nocontent_help:contains('no stages')",
        },
        ...add("Talk"),
        ...add("Offer"),
        ...add("Deal"),
        ...setOutcome("won", "Deal"),
        ...select("Offer"),
        ...add("Gone"),
        ...setOutcome("lost", "Gone"),
        ...select("Talk"),
        {
            content: "Draw a move without a mouse",
            trigger: ".o_lifecycle_map_connect",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Gone')",
            run: "click",
        },
        {
            trigger: ".o_lifecycle_map_edge[data-edge='new_stage>new_stage_4'].o_selected",
        },
        ...select("Talk"),
        {
            content: "A goal, a department, a colour",
            trigger: "#o_lifecycle_map_goal",
            run: "edit We know what they need. && press Tab",
        },
        {
            trigger: "#o_lifecycle_map_department",
            run: "edit Sales && press Tab",
        },
        {
            trigger: ".o_lifecycle_map_lane .o_name:contains('Sales')",
        },
        {
            trigger: ".o_lifecycle_map_swatches button[aria-label='Colour 4']",
            run: "click",
        },
        {
            trigger: `${NODE("Talk")}.o_lifecycle_map_color_4`,
        },
        {
            content: "Delete, undo and do it again",
            trigger: ".o_lifecycle_map_delete",
            run: "click",
        },
        {
            trigger: `.o_lifecycle_map:not(:has(${NODE("Talk")}))`,
        },
        {
            trigger: "[data-command='undo']",
            run: "click",
        },
        {
            trigger: `${NODE("Talk")}.o_lifecycle_map_color_4`,
        },
        {
            content: "The checker says what is missing",
            trigger: ".o_lifecycle_map_finding[data-kind='no_limit']:contains('Talk')",
            run: "click",
        },
        {
            content: "All settings are in the form",
            trigger: ".o_lifecycle_map_all_settings",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='sla_policy_id'] input",
            run: "edit Tour Limit",
        },
        {
            trigger: ".o-autocomplete--dropdown-item a:contains('Tour Limit')",
            run: "click",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${NODE("Talk")} .o_small:contains('d')`,
        },
        {
            content: "Publish",
            trigger: "[data-command='publish']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='finding_summary']:contains('Offer')",
        },
        {
            trigger: ".modal button[name='action_apply']:visible",
            run: "click",
        },
        {
            content: "It runs, and is watched",
            trigger: ".o_lifecycle_map:not(.o_lifecycle_map_editing) [data-command='replay']",
        },
    ],
});
