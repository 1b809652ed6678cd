import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Firm extends models.Model {
    _name = "firm";
    name = fields.Char();
    vat = fields.Char({ string: "Tax ID" });
}

class Lead extends models.Model {
    _name = "lead";
    phone = fields.Char();
    score = fields.Integer({ readonly: true });
    firm_id = fields.Many2one({ relation: "firm" });
}

class Requirement extends models.Model {
    _name = "requirement";
    model_name = fields.Char();
    field_paths = fields.Char();
    _records = [
        { id: 1, model_name: "lead", field_paths: "firm_id.vat,gone,lifecycle_properties.x" },
    ];
}

defineMailModels();
defineModels([Firm, Lead, Requirement]);

const ARCH = `<form><field name="model_name"/>
    <field name="field_paths" widget="lifecycle_field_paths" options="{'model': 'model_name'}"/>
</form>`;

async function mountPaths() {
    onRpc("requirement", "web_save", ({ args }) => expect.step(args[1].field_paths));
    await mountView({ resModel: "requirement", type: "form", resId: 1, arch: ARCH });
}

test("fields are shown by name, those that are gone as such", async () => {
    await mountPaths();
    expect(queryAllTexts(".o_lifecycle_field_paths .badge")).toEqual(["Firm: Tax ID", "gone"]);
    expect(".o_lifecycle_field_paths .text-bg-danger").toHaveText("gone");
});

test("fields are added and taken away, what is chosen elsewhere stays", async () => {
    await mountPaths();
    await contains(".o_lifecycle_field_paths .badge:contains(gone) button").click();
    expect(".o_lifecycle_field_paths .badge").toHaveCount(1);
    await contains(".o_lifecycle_field_paths_add").click();
    expect(".o_model_field_selector_popover_item:contains(Score)").toHaveCount(0);
    await contains(".o_model_field_selector_popover_item_name:contains(Phone)").click();
    await animationFrame();
    expect(queryAllTexts(".o_lifecycle_field_paths .badge")).toEqual(["Firm: Tax ID", "Phone"]);
    await contains(".o_form_button_save").click();
    expect.verifySteps(["firm_id.vat,lifecycle_properties.x,phone"]);
});
