import { animationFrame, expect, queryAllTexts, test } from "@odoo/hoot";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { PartnerLine } from "@point_of_sale/app/screens/partner_list/partner_line/partner_line";
import { setupPointsRegister } from "../utils";

definePosModels();

const nothing = () => {};

function mountLine(store, partner) {
    const props = { partner, isSelected: false, isBalanceDisplayed: true, close: nothing };
    for (const name of ["Edit", "Unselect", "Partner", "Orders"]) {
        props[`onClick${name}`] = nothing;
    }
    return mountWithCleanup(PartnerLine, { props });
}

test("customers that are listed are asked for together, each once", async () => {
    const { store, points, take } = await setupPointsRegister({
        points_balances: () => ({ balances: {} }),
    });
    const partners = store.models["res.partner"].getAll();
    points.members.want(partners);
    await points.members.latest.running;
    points.members.want(partners);
    points.members.want([{ id: "not_saved_yet" }]);
    await points.members.latest.running;
    const ids = partners.map((partner) => partner.id);
    expect(take("points_balances")).toEqual([[ids, store.session.id]]);
});

test("many are asked for in parts", async () => {
    const { points, take } = await setupPointsRegister({
        points_balances: () => ({ balances: {} }),
    });
    points.members.want([...Array(1500).keys()].map((number) => ({ id: number + 1 })));
    await points.members.latest.running;
    expect(take("points_balances").map(([ids]) => ids.length)).toEqual([1000, 500]);
});

test("a member's line has its balances, two at most; others are no members", async () => {
    const balances = ["Shop Card: 5 points", "Club: 7 points", "Gold: 1 point"];
    const { store, points } = await setupPointsRegister({
        points_balances: () => ({ balances: { 3: balances } }),
    });
    const partners = store.models["res.partner"];
    await mountLine(store, partners.get(3));
    expect(".o_points_no_member").toHaveCount(0);
    points.members.want(partners.getAll());
    await points.members.latest.running;
    await animationFrame();
    expect(queryAllTexts(".o_points_member")).toEqual(balances.slice(0, 2));
    expect(".partner-info small").toHaveText("+ 1 more");

    const other = partners.getAll().find((partner) => partner.id !== 3);
    await mountLine(store, other);
    expect(".o_points_no_member").toHaveText("Not a member");
});

test("without an answer nobody is said to be no member", async () => {
    const { points, store } = await setupPointsRegister();
    store.data.network.offline = true;
    points.members.want([{ id: 3 }]);
    await points.members.latest.running;
    expect(points.members.balancesOf({ id: 3 })).toBe(undefined);
});
