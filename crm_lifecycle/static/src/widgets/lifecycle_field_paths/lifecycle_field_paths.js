import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { ModelFieldSelectorPopover } from "@web/core/model_field_selector/model_field_selector_popover";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Several fields of a model and of what it is linked to, as tags; stored as one text. */
export class LifecycleFieldPaths extends Component {
    static template = "crm_lifecycle.LifecycleFieldPaths";
    static props = {
        ...standardFieldProps,
        modelField: String,
    };

    setup() {
        this.fieldService = useService("field");
        this.state = useState({ labels: {} });
        this.keepLast = new KeepLast();
        this.popover = usePopover(ModelFieldSelectorPopover, {
            popoverClass: "o_popover_field_selector",
            onClose: () => this.add(this.chosen),
        });
        useRecordObserver((record) => this.loadLabels(record));
    }

    getPaths({ data }) {
        return (data[this.props.name] || "").split(",").filter(Boolean);
    }

    get resModel() {
        return this.props.record.data[this.props.modelField];
    }

    get paths() {
        // what a stage has itself is chosen beside this
        return this.getPaths(this.props.record).filter(
            (path) => !path.startsWith("lifecycle_properties.")
        );
    }

    async loadLabels(record) {
        const resModel = record.data[this.props.modelField];
        const descriptions = this.getPaths(record).map(async (path) => {
            const { isInvalid, displayNames } = await this.fieldService.loadPathDescription(
                resModel,
                path
            );
            return [path, { isInvalid, text: displayNames.join(": ") }];
        });
        const labels = await this.keepLast.add(Promise.all(resModel ? descriptions : []));
        this.state.labels = Object.fromEntries(labels);
    }

    getLabel(path) {
        return this.state.labels[path]?.text || path;
    }

    isInvalid(path) {
        return Boolean(this.state.labels[path]?.isInvalid);
    }

    getTitle(path) {
        return this.isInvalid(path) ? _t("This field does not exist any more") : path;
    }

    getRemoveLabel(path) {
        return _t("Remove %s", this.getLabel(path));
    }

    open(ev) {
        this.chosen = "";
        this.popover.open(ev.currentTarget, {
            resModel: this.resModel,
            path: "",
            update: (path) => {
                this.chosen = path;
            },
            filter: (field) => this.isOffered(field),
            showSearchInput: true,
            isDebugMode: Boolean(this.env.debug),
            followRelations: true,
        });
    }

    /** What people can fill in, and what leads to it. */
    isOffered({ name, type, readonly, relation }) {
        const isOwn = name === "lifecycle_properties";
        return type !== "separator" && !isOwn && (!readonly || Boolean(relation));
    }

    add(path) {
        const paths = this.getPaths(this.props.record);
        if (path && !paths.includes(path)) {
            this.save([...paths, path]);
        }
    }

    remove(path) {
        this.save(this.getPaths(this.props.record).filter((other) => other !== path));
    }

    save(paths) {
        this.props.record.update({ [this.props.name]: paths.join(",") });
    }
}

registry.category("fields").add("lifecycle_field_paths", {
    component: LifecycleFieldPaths,
    displayName: _t("Fields"),
    supportedTypes: ["char"],
    supportedOptions: [{ label: _t("Model"), name: "model", type: "string" }],
    extractProps: ({ options }) => ({ modelField: options.model }),
    fieldDependencies: ({ options }) => [{ name: options.model, type: "char" }],
});
