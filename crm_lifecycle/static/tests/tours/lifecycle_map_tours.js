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
