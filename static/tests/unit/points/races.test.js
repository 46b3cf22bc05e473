import { animationFrame, expect, test } from "@odoo/hoot";
import { advanceTime, Deferred } from "@odoo/hoot-mock";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { BLOCK, LINE, loypayLines, makeAccount, PER_POINT, settled, setupOrder } from "../utils";

definePosModels();

function otherPartner(store) {
    return store.models["res.partner"].find(({ id }) => id !== 3);
}

async function later() {
    await animationFrame();
    await advanceTime(1000);
    await animationFrame();
}

test("an answer about the order of one customer is not shown under the next", async () => {
    const slow = new Deferred();
    const earns = { text: "of the next", accounts: [] };
    const { store, order, points } = await setupOrder({
        points_preview: () => slow,
        points_summary: ([[id]]) => (id === 3 ? { accounts: [] } : { accounts: [], earns }),
    });
    await advanceTime(400);
    order.setPartner(otherPartner(store));
    await settled({ points });
    slow.resolve({ text: "of the first", accounts: [] });
    await later();
    expect(points.preview.text).toBe("of the next");
});

test("an answer about an older state of the order is not shown", async () => {
    const slow = new Deferred();
    let earns;
    const { order, points } = await setupOrder({
        points_preview: () => slow,
        points_summary: () => ({ accounts: [makeAccount()], earns }),
    });
    await advanceTime(400);
    order.lines[0].setQuantity(50);
    await animationFrame();
    earns = { text: "new", accounts: [] };
    await points.customer.refresh();
    slow.resolve({ text: "old", accounts: [] });
    await later();
    expect(points.preview.text).toBe("new");
});

test("an order that is changed, and changed back, while an answer is on its way", async () => {
    const slow = new Deferred();
    let count = 0;
    const { order, points } = await setupOrder({
        points_summary: () => (count++ ? slow : { accounts: [makeAccount()] }),
    });
    await later();
    points.preview.show({ text: "", accounts: [] });
    order.lines[0].setQuantity(9);
    await animationFrame();
    points.customer.refresh();
    order.lines[0].setQuantity(10);
    await animationFrame();
    slow.resolve({ accounts: [makeAccount()], earns: { text: "of 9", accounts: [] } });
    await animationFrame();
    order.lines[0].setQuantity(9);
    await later();
    expect(points.preview.text).toBe("Shop Card: 24 points");
});

test("products taken off after the reward: its limits are looked at again", async () => {
    const refused = "Points can pay up to 30% of an order.";
    const { store, order, account, points } = await setupOrder({
        points_reserve: ([, , , , sale]) =>
            sale.amount_total < 15 ? { refused } : { refused: "", line: LINE },
    });
    await points.redemption.take(order, account, BLOCK, 1);
    const said = [];
    points.say = (sentence) => said.push(sentence);
    order.removeOrderline(order.lines[1]);
    await animationFrame();

    const validation = new OrderPaymentValidation({ pos: store, orderUuid: order.uuid });
    expect(await validation.askBeforeValidation()).toBe(false);
    expect(said[0]).toInclude(refused);
});

test("another customer while a reward is set aside: nobody's points are taken", async () => {
    const slow = new Deferred();
    let count = 0;
    const accounts = (id) => [makeAccount({ id, balance_text: `of ${id}` })];
    const { store, order, account, points, take } = await setupOrder({
        points_reserve: () => (count++ ? { refused: "" } : slow),
        points_summary: ([[id]]) => ({ accounts: accounts(id === 3 ? 77 : 88) }),
    });
    const taking = points.redemption.take(order, account, PER_POINT, 2);
    await animationFrame();
    const other = otherPartner(store);
    order.setPartner(other);
    await settled({ points });
    slow.resolve({ refused: "", line: LINE, summary: { accounts: accounts(77) } });

    expect((await taking).refused).toInclude("Another customer");
    await settled({ points });
    expect(points.customer.accounts[0].balance_text).toBe("of 88");
    expect(points.customer.accountId(other.id, account.program_id)).toBe(88);
    expect(loypayLines(order)).toHaveLength(0);
    expect(take("points_reserve").map(([, , , quantity]) => quantity)).toEqual([2, 0]);
});

test("each of two orders of one customer is asked about", async () => {
    const { store, points, partner } = await setupOrder({
        points_summary: ([, key]) => ({ accounts: [makeAccount({ available_text: key })] }),
    });
    const second = store.addNewOrder();
    second.setPartner(partner);
    await settled({ points });
    expect(points.customer.accounts[0].available_text).toBe(`pos:${second.uuid}`);
});
