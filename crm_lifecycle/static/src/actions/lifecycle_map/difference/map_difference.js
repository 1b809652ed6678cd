import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

const SIGNS = { added: "+", removed: "−", changed: "≠" };
const TITLES = { added: _t("Added"), removed: _t("Removed"), changed: _t("Changed") };

/**
 * What a difference marks on the map.
 *
 * @param {object} difference of ``get_lifecycle_difference``
 * @returns {{nodes: Map<string, object>, edges: Map<string, object>, fades: boolean}}
 */
export function getDifferenceMarks(difference) {
    const mark = (kind) => ({ kind, label: SIGNS[kind], title: TITLES[kind] });
    const collect = (changes) =>
        new Map(Object.entries(changes).map(([key, kind]) => [key, mark(kind)]));
    return {
        nodes: collect(difference.stages),
        edges: collect(difference.moves),
        fades: false,
    };
}

/** The same in words. */
export class MapDifference extends Component {
    static template = "crm_lifecycle.MapDifference";
    static props = { difference: Object, onClose: Function };

    SIGNS = SIGNS;
    TITLES = TITLES;
}
