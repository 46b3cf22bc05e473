import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";

/** The restaurant's screen is found by its name: this add-on does not need a restaurant. */
const NAME = "SplitBillScreen";
const pages = registry.category("pos_pages");

const pointsStay = {
    /** Points are set aside for one order: they stay on it when products are split off. */
    onClickLine(line) {
        if (line.isPointsLine()) {
            this.pos.points.notify(_t("Points stay on this order."));
        } else {
            super.onClickLine(...arguments);
        }
    },
};

function keepPoints() {
    patch(pages.get(NAME).component.prototype, pointsStay);
}

if (pages.contains(NAME)) {
    keepPoints();
} else {
    pages.addEventListener("UPDATE", function onPage({ detail }) {
        if (detail.key === NAME) {
            pages.removeEventListener("UPDATE", onPage);
            keepPoints();
        }
    });
}
