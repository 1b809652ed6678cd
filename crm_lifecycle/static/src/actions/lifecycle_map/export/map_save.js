import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";

import { makeBpmn } from "./map_bpmn";
import { makePng, makeSvg } from "./map_picture";

/**
 * Save the map as a file.
 *
 * @param {("svg"|"png"|"bpmn")} kind
 * @param {object} model
 * @param {SVGElement} svg the canvas
 */
export async function saveMap(kind, model, svg) {
    const { chart, layout } = model;
    const name = `${chart.process.name}.${kind}`;
    if (kind === "bpmn") {
        const names = { lead: _t("Leads"), customer: _t("Customers"), lost: _t("Lost") };
        const content = makeBpmn(chart, layout, (key) => String(names[key]));
        downloadFile(content, name, "application/xml");
        return;
    }
    const content = await makeSvg(svg, layout, chart.process.name);
    if (kind === "svg") {
        downloadFile(content, name, "image/svg+xml");
    } else {
        downloadFile(await makePng(content, layout), name, "image/png");
    }
}

/**
 * Open a page with the map that is made for paper.
 *
 * The server puts the drawing beside what else belongs on the page: tables, and the code
 * that leads back to the live map.
 *
 * @param {object} model
 * @param {SVGElement} svg the canvas
 */
export async function printMap(model, svg) {
    const { chart, layout } = model;
    const content = await makeSvg(svg, layout, chart.process.name);
    const form = document.createElement("form");
    form.method = "post";
    form.target = "_blank";
    form.action = `/crm_lifecycle/process/${model.processId}/print`;
    const values = {
        csrf_token: odoo.csrf_token,
        svg: content,
        as_of: model.options.as_of || "",
        days: chart.scope.days,
    };
    for (const [name, value] of Object.entries(values)) {
        const input = document.createElement("input");
        Object.assign(input, { type: "hidden", name, value });
        form.append(input);
    }
    document.body.append(form);
    form.submit();
    form.remove();
}
