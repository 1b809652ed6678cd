import { Component, onWillStart } from "@odoo/owl";

import { parseXML } from "@web/core/utils/xml";
import { useService } from "@web/core/utils/hooks";
import { Record } from "@web/model/record";
import { extractFieldsFromArchInfo } from "@web/model/relational_model/utils";
import { FormArchParser } from "@web/views/form/form_arch_parser";
import { FormRenderer } from "@web/views/form/form_renderer";

/** The missing fields of one record, as its own form would show them. */
export class LifecycleRefusalForm extends Component {
    static template = "crm_lifecycle.LifecycleRefusalForm";
    static components = { FormRenderer, Record };
    static props = {
        form: Object, // model, id, name, fields
        showName: Boolean,
        onLoaded: Function,
    };

    setup() {
        this.orm = useService("orm");
        onWillStart(() => this.load());
    }

    async load() {
        const { model, id, fields: names } = this.props.form;
        const { models, views } = await this.orm.call(model, "get_lifecycle_fill_view", [names]);
        const { fields } = models[model];
        this.archInfo = new FormArchParser().parse(parseXML(views.form.arch), models, model);
        const { activeFields } = extractFieldsFromArchInfo(this.archInfo, fields);
        this.recordProps = {
            resModel: model,
            resId: id,
            fields,
            activeFields,
            mode: "edit",
            hooks: { onRootLoaded: (record) => this.props.onLoaded(record) },
        };
    }
}
