import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { PropertiesField, propertiesField } from "@web/views/fields/properties/properties_field";

/** Fields that a record has in its stage. They are drawn in the process, not on the record. */
export class LifecyclePropertiesField extends PropertiesField {
    async checkDefinitionWriteAccess() {
        return false;
    }

    _getPropertyEditWarningText() {
        return _t("The fields of a stage are changed in the draft of its process.");
    }
}

registry.category("fields").add("lifecycle_properties", {
    ...propertiesField,
    component: LifecyclePropertiesField,
    displayName: _t("Fields of the Stage"),
});
