/* global Chart */

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatMonetary } from "@web/views/fields/formatters";

const YEAR = 12;

/**
 * Purchases of the last twelve months beside those of the twelve before.
 */
export class PurchaseChart extends Component {
    static template = "crm_lifecycle.PurchaseChart";
    static props = { months: Array, currencyId: { type: Number, optional: true } };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.props.months]
        );
    }

    get isEmpty() {
        return this.props.months.every((month) => !month.amount && !month.count);
    }

    /** The two years: the last twelve months and the twelve before. */
    get years() {
        return {
            now: this.props.months.slice(-YEAR),
            before: this.props.months.slice(-2 * YEAR, -YEAR),
        };
    }

    /** What screen readers say instead of the picture. */
    get summary() {
        const sum = (months) =>
            this.formatAmount(months.reduce((total, month) => total + month.amount, 0));
        const { now, before } = this.years;
        return _t("Purchases of the last 12 months: %(now)s; of the 12 before: %(before)s", {
            now: sum(now),
            before: sum(before),
        });
    }

    formatAmount(amount) {
        return formatMonetary(amount, { currencyId: this.props.currencyId });
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "#E5E7EB", "#3C3E4B");
        const { now, before } = this.years;
        const dataset = (label, months, color) => ({
            label,
            data: months.map((month) => month.amount),
            counts: months.map((month) => month.count),
            backgroundColor: color,
            borderRadius: 2,
        });
        return {
            type: "bar",
            data: {
                labels: now.map((month) => deserializeDate(month.date).toFormat("LLL")),
                datasets: [
                    dataset(
                        _t("12 months before"),
                        before,
                        getCustomColor(scheme, "#CBD5E1", "#555B6E")
                    ),
                    dataset(_t("Last 12 months"), now, getColor(0, scheme, "sm")),
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                plugins: {
                    legend: { position: "bottom", labels: { color: text, boxWidth: 12 } },
                    tooltip: {
                        callbacks: {
                            label: (item) =>
                                `${item.dataset.label}: ${this.formatAmount(item.raw)} · ${_t(
                                    "%s purchases",
                                    item.dataset.counts[item.dataIndex]
                                )}`,
                        },
                    },
                },
                scales: {
                    x: { grid: { display: false }, ticks: { color: text } },
                    y: {
                        grid: { color: grid },
                        ticks: {
                            color: text,
                            maxTicksLimit: 5,
                            callback: (value) =>
                                formatMonetary(value, {
                                    currencyId: this.props.currencyId,
                                    humanReadable: true,
                                    digits: [16, 0],
                                }),
                        },
                    },
                },
            },
        };
    }
}
