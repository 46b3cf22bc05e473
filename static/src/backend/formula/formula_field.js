import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useAutoresize } from "@web/core/utils/autoresize";
import { useDebounced } from "@web/core/utils/timing";
import { useInputField } from "@web/views/fields/input_field_hook";
import { useService } from "@web/core/utils/hooks";
import { FormulaPicker } from "./formula_picker";

const MAX_LENGTH = 500;
/** From here on it is said how much room is left. */
const NEARLY_FULL = 400;
/** So long nobody types: then the server is asked. */
const PAUSE = 300;

/**
 * A formula, and while it is written: what is wrong with it and where, else what it says.
 *
 * The server reads and judges; nothing is known about formulas here. What is longer
 * than allowed is not cut off, for half a formula may be another one: it is marked.
 */
export class PointsFormulaField extends Component {
    static template = "customer_points.FormulaField";
    static components = { FormulaPicker };
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.textarea = useRef("textarea");
        this.state = useState({ verdict: null, size: 0, variables: [], functions: [] });
        useInputField({ getValue: () => this.value, refName: "textarea" });
        useAutoresize(this.textarea);
        this.checkSoon = useDebounced(this.check, PAUSE);
        useEffect(
            () => {
                this.isTouched = false;
            },
            () => [this.props.record.id]
        );
        // After the hooks above: they put the record's formula into the textarea.
        useEffect(
            () => {
                this.check();
                this.loadHelp();
            },
            () => [this.props.record.id, this.value, this.context, this.props.readonly]
        );
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get context() {
        return this.props.record.data.context;
    }

    /** The formula as it stands there, whether the record knows it or not. */
    get formula() {
        return this.textarea.el ? this.textarea.el.value : this.value;
    }

    get verdictId() {
        return `${this.props.id || this.props.name}_verdict`;
    }

    get counter() {
        const { size } = this.state;
        return size > NEARLY_FULL
            ? _t("%(size)s of %(most)s characters", { size, most: MAX_LENGTH })
            : "";
    }

    get isTooLong() {
        return this.state.size > MAX_LENGTH;
    }

    /** The formula in three parts, the faulty one in the middle; null: it is all of it. */
    get place() {
        const { formula, position, length } = this.state.verdict;
        if (!position && !length) {
            return null;
        }
        // The server counts characters, JavaScript halves of some.
        const characters = [...formula];
        const end = position + length;
        return {
            before: characters.slice(0, position).join(""),
            fault: characters.slice(position, end).join(""),
            after: characters.slice(end).join(""),
        };
    }

    onInput() {
        this.isTouched = true;
        this.state.size = this.formula.length;
        this.checkSoon();
    }

    /** What a picker has put in is no change to the browser: tell the record. */
    onBlur() {
        this.textarea.el.dispatchEvent(new Event("change"));
    }

    onPickerClosed() {
        if (this.hasPicked) {
            this.hasPicked = false;
            this.textarea.el.focus();
        }
    }

    async check() {
        const { formula, context } = this;
        this.state.size = formula.length;
        if (!formula.trim() && !this.isTouched) {
            this.asked = null;
            this.state.verdict = null;
            return;
        }
        if (this.asked?.formula === formula && this.asked.context === context) {
            return;
        }
        const asked = (this.asked = { formula, context });
        const verdict = await this.callSilently("formula_check", [formula, context]);
        if (asked === this.asked) {
            this.state.verdict = { ...verdict, formula };
        }
    }

    /** Fill the pickers; in each context there are other variables. */
    async loadHelp() {
        const { context } = this;
        if (this.props.readonly || this.helpedContext === context) {
            return;
        }
        this.helpedContext = context;
        const help = await this.callSilently("formula_help", [context]);
        if (this.helpedContext === context) {
            this.state.variables = help.variables.map(({ name, label, ...rest }) => ({
                ...rest,
                value: name,
                title: label,
                label: `${name} ${label}`,
            }));
            this.state.functions = help.functions.map(({ name, usage, explanation }) => ({
                explanation,
                usage,
                value: name,
                label: `${name} ${explanation}`,
            }));
        }
    }

    callSilently(method, args) {
        return this.orm.silent.call(this.props.record.resModel, method, args);
    }

    pickVariable(name) {
        this.insert(name);
    }

    pickFunction(name) {
        const { usage } = this.state.functions.find(({ value }) => value === name);
        // Who asks for products needs to see how they are named.
        if (usage.includes('"')) {
            this.insert(usage);
        } else {
            this.insert(`${name}(`, ")");
        }
    }

    /**
     * Put a text where the cursor is, or in place of what is selected.
     *
     * @param {String} before what the cursor stands behind then
     * @param {String} [after]
     */
    insert(before, after = "") {
        const { el } = this.textarea;
        const cursor = el.selectionStart + before.length;
        el.setRangeText(before + after, el.selectionStart, el.selectionEnd);
        el.setSelectionRange(cursor, cursor);
        el.dispatchEvent(new InputEvent("input", { bubbles: true }));
        this.hasPicked = true;
    }

    /** Select what is wrong, so that typing or picking replaces it. */
    goToPlace() {
        const { el } = this.textarea;
        const { before, fault } = this.place || { before: "", fault: "" };
        el?.focus();
        el?.setSelectionRange(before.length, before.length + fault.length);
    }
}

export const pointsFormulaField = {
    component: PointsFormulaField,
    displayName: _t("Formula for Points"),
    supportedTypes: ["text", "char"],
    fieldDependencies: [{ name: "context", type: "selection" }],
    extractProps: ({ placeholder }) => ({ placeholder }),
};

registry.category("fields").add("points_formula", pointsFormulaField);
