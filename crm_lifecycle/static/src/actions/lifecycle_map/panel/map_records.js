import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

import { deserializeDateTime } from "@web/core/l10n/dates";
import { KeepLast } from "@web/core/utils/concurrency";

/** The first of the records behind a number; the most urgent on top. */
export class MapRecords extends Component {
    static template = "crm_lifecycle.MapRecords";
    static props = { model: Object, item: Object, count: Number };

    setup() {
        this.keepLast = new KeepLast();
        this.state = useState({ records: [] });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ model, item, count }) {
        const records = count ? await this.keepLast.add(model.getRecords(item)) : [];
        this.state.records = records;
    }

    getSince(record) {
        return deserializeDateTime(record.since).toRelative();
    }
}
