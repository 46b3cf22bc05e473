/* global Chart */

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { PointsFigure } from "./overview_figure";
import { cookie } from "@web/core/browser/cookie";
import { formatPoints } from "../points_field";
import { loadBundle } from "@web/core/assets";
import { localization } from "@web/core/l10n/localization";
import { useService } from "@web/core/utils/hooks";

/** Places in Odoo's palette: issued, redeemed, expired. */
const COLORS = [2, 0, 1];
/** Letters of a label below the chart; its table has the whole name. */
const MOST_LETTERS = 18;

function shorten(label) {
    return label.length > MOST_LETTERS ? `${label.slice(0, MOST_LETTERS)}…` : label;
}

/** What was issued, redeemed and expired, drawn; who cannot see it reads a table. */
export class PointsOverviewChart extends Component {
    static template = "customer_points.OverviewChart";
    static components = { PointsFigure };
    static props = { chart: Object };

    setup() {
        this.action = useService("action");
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (shown) => {
                const chart = new Chart(this.canvas.el, this.getConfig(shown));
                return () => chart.destroy();
            },
            () => [this.props.chart]
        );
    }

    /** The action of one bar or point: the list of its figure, of its days or program. */
    getAction(dataset, index) {
        const { action } = dataset;
        return { ...action, domain: [...action.domain, ...this.props.chart.domains[index]] };
    }

    getConfig({ type, labels, datasets }) {
        const scheme = cookie.get("color_scheme");
        const color = getCustomColor(scheme, "#111827", "#E4E4E4");
        const grid = { color: getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)") };
        const isRtl = localization.direction === "rtl";
        // A minus stays before its number.
        const mark = isRtl ? "\u200e" : "";
        return {
            type,
            data: {
                labels,
                datasets: datasets.map(({ label, data }, index) => ({
                    label,
                    data,
                    ...this.getColors(getColor(COLORS[index], scheme, "sm")),
                })),
            },
            options: {
                animation: false,
                // The last label is slanted.
                layout: { padding: { left: isRtl ? 40 : 0 } },
                maintainAspectRatio: false,
                interaction: { mode: "nearest", intersect: false },
                onClick: (_ev, [element]) =>
                    element &&
                    this.action.doAction(
                        this.getAction(datasets[element.datasetIndex], element.index)
                    ),
                plugins: {
                    legend: { rtl: isRtl, labels: { color } },
                    tooltip: {
                        rtl: isRtl,
                        callbacks: {
                            label: ({ datasetIndex, dataIndex }) =>
                                `${datasets[datasetIndex].label}: ${datasets[datasetIndex].texts[dataIndex]}`,
                        },
                    },
                },
                scales: {
                    x: {
                        reverse: isRtl,
                        grid: { display: false },
                        ticks: { color, callback: (index) => shorten(labels[index]) },
                    },
                    y: {
                        position: isRtl ? "right" : "left",
                        beginAtZero: true,
                        grid,
                        ticks: { color, callback: (value) => mark + formatPoints(value) },
                    },
                },
            },
        };
    }

    getColors(color) {
        return {
            borderColor: color,
            backgroundColor: this.props.chart.type === "bar" ? color : hexToRGBA(color, 0.2),
            borderWidth: 2,
            pointRadius: 2,
        };
    }
}
