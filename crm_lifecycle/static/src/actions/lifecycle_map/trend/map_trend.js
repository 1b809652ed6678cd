import { Component, onWillStart, useState } from "@odoo/owl";

import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { formatDecimal } from "../map_format";

const [WIDTH, HEIGHT, PAD] = [300, 74, 6];

/**
 * A line of months as points; months of which nothing is known are left out.
 *
 * @param {(number|false)[]} values
 * @param {number} most the greatest value that is shown
 * @returns {number[][]}
 */
export function getTrendPoints(values, most) {
    const step = (WIDTH - 2 * PAD) / (values.length - 1);
    const height = HEIGHT - 2 * PAD;
    return values
        .map((value, index) => [PAD + index * step, value])
        .filter(([, value]) => value !== false && value !== null)
        .map(([x, value]) => [x, PAD + height - (height * value) / most]);
}

/** How a stage has done month by month, against what was wanted of it. */
export class MapTrend extends Component {
    static template = "crm_lifecycle.MapTrend";
    static props = { model: Object, node: Object };

    WIDTH = WIDTH;
    HEIGHT = HEIGHT;

    setup() {
        this.orm = useService("orm");
        this.state = useState({ trend: null });
        onWillStart(() => this.load());
    }

    async load() {
        const { model, node } = this.props;
        this.state.trend = await model.call("get_lifecycle_trend", [node.key, model.options]);
    }

    get canEdit() {
        return this.props.model.chart.process.can_edit;
    }

    /** The two lines: days of stay, and the share that went on. */
    get lines() {
        const { months, targets, benchmarks } = this.state.trend;
        const lines = [this.describe("stay", _t("Median stay, days"), months, "median_days", null)];
        if (this.props.node.phase === "lead" && this.props.node.outcome === "open") {
            lines.push(this.describe("conversion", _t("Went on, %"), months, "onward", 100));
        }
        return lines.map((line) => ({
            ...line,
            target: targets[line.name],
            benchmark: benchmarks[line.name],
        }));
    }

    describe(name, label, months, field, top) {
        const { targets, benchmarks } = this.state.trend;
        const values = months.map((month) => month[field]);
        const known = [...values.filter(Boolean), targets[name], benchmarks[name]];
        const most = top || Math.max(1, ...known) * 1.1;
        const points = getTrendPoints(values, most);
        const level = (value) => value && getTrendPoints([value, value], most)[0][1];
        const last = values.findLast((value) => value !== false);
        return {
            name,
            label,
            points,
            path: points.map((point) => point.join(",")).join(" "),
            targetY: level(targets[name]),
            benchmarkY: level(benchmarks[name]),
            last: last === undefined ? "–" : formatDecimal(last),
            isMet: this.isMet(name, last),
        };
    }

    /** Whether the target is reached; ``null`` when there is none, or no number. */
    isMet(name, last) {
        const target = this.state.trend.targets[name];
        if (!target || last === undefined) {
            return null;
        }
        return name === "stay" ? last <= target : last >= target;
    }

    /** Where the chart was changed, on the axis of time. */
    get changes() {
        const { months, changes } = this.state.trend;
        const begin = luxon.DateTime.fromISO(`${months[0].month}-01`, { zone: "utc" });
        const end = luxon.DateTime.fromISO(`${months.at(-1).month}-01`, { zone: "utc" });
        const whole = end.diff(begin).milliseconds;
        return changes.map((change) => {
            const date = deserializeDateTime(change.date);
            const share = Math.min(date.diff(begin).milliseconds / whole, 1);
            const title = _t("Revision %(number)s, %(date)s", {
                number: change.number,
                date: formatDate(date),
            });
            return {
                ...change,
                x: PAD + share * (WIDTH - 2 * PAD),
                title: [title, change.note].filter(Boolean).join(": "),
            };
        });
    }

    async setTarget(name, ev) {
        const fields = { stay: "target_stay_days", conversion: "target_conversion" };
        const value = Number(ev.target.value.replace(",", ".")) || 0;
        await this.orm.write("crm.lifecycle.stage", [this.state.trend.stage_id], {
            [fields[name]]: value,
        });
        await this.load();
    }
}
