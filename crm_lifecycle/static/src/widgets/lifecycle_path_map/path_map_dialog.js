import { Component, onWillStart, useState } from "@odoo/owl";

import { cookie } from "@web/core/browser/cookie";
import { Dialog } from "@web/core/dialog/dialog";
import { localization } from "@web/core/l10n/localization";
import { useService } from "@web/core/utils/hooks";

import { MapCanvas } from "../../actions/lifecycle_map/canvas/map_canvas";
import { MapModel } from "../../actions/lifecycle_map/map_model";
import { LifecyclePathStep } from "../lifecycle_path/lifecycle_path_step";
import { tracePath } from "./path_model";
import { PathNode } from "./path_node";

/** The way of one lead or customer on the map of its process. */
export class PathMapDialog extends Component {
    static template = "crm_lifecycle.PathMapDialog";
    static components = { Dialog, LifecyclePathStep, MapCanvas };
    static props = { close: Function, resModel: String, resId: Number, title: String };

    PathNode = PathNode;

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.isDark = cookie.get("color_scheme") === "dark";
        this.model = useState(
            new MapModel(
                { orm: this.orm, action: this.action },
                {
                    direction: this.ui.isSmall ? "down" : "right",
                    rtl: localization.direction === "rtl",
                }
            )
        );
        onWillStart(async () => {
            const { resModel, resId } = this.props;
            const data = await this.orm.call(resModel, "get_lifecycle_path_map", [resId]);
            if (data.steps) {
                this.model.show(tracePath(data));
                const { key } = data.steps.at(-1);
                this.model.select({ kind: "node", key });
            }
        });
    }

    /** The stays in the stage that was clicked, the newest first. */
    get steps() {
        const { selected, selection } = this.model;
        return selected && selection.kind === "node" ? [...selected.path.steps].reverse() : [];
    }
}
