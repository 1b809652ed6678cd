import { Component, useState } from "@odoo/owl";

import { MapEdgePanel } from "./map_edge_panel";
import { MapNodePanel } from "./map_node_panel";

/** What is selected, in figures; the records behind them are one click away. */
export class MapPanel extends Component {
    static template = "crm_lifecycle.MapPanel";
    static components = { MapEdgePanel, MapNodePanel };
    static props = { model: Object, slots: { type: Object, optional: true } };

    setup() {
        this.model = useState(this.props.model);
    }
}
