from lxml.builder import E

from odoo import api, models

# widgets of what a plain field would not show well
WIDGETS = {"many2many": "many2many_tags", "properties": "lifecycle_properties"}
FILL_KEY = "lifecycle_fill_fields"  # in the context: names of fields


class CrmLifecycleMixin(models.AbstractModel):
    """A small form made of a few fields, for the dialog that asks for them."""

    _inherit = "crm.lifecycle.mixin"

    @api.model
    def get_lifecycle_fill_view(self, names):
        """A form of a few fields, with what their widgets need.

        :param list names: of fields of this model; others are left out
        :return: dict as of ``get_views``
        """
        names = [n for n in names if isinstance(n, str) and n in self._fields]
        self = self.with_context(**{FILL_KEY: tuple(names)})
        return self.get_views([(False, "form")])

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        names = self.env.context.get(FILL_KEY)
        if view_type != "form" or not isinstance(names, tuple):
            return super()._get_view(view_id, view_type, **options)
        form = E.form(E.group(*map(self._lifecycle_make_fill_field, names)))
        for name in self._lifecycle_get_fill_helpers(names):
            form.append(E.field(name=name, invisible="1"))
        return form, self.env["ir.ui.view"]

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        names = self.env.context.get(FILL_KEY)
        return (*key, names if isinstance(names, tuple) else None)

    def _lifecycle_make_fill_field(self, name):
        field = self._fields[name]
        attributes = {}
        if widget := WIDGETS.get(field.type):
            attributes["widget"] = widget
        elif name in self._phone_get_number_fields():
            attributes["widget"] = "phone"
        elif name == self._mail_get_primary_email_field():
            attributes["widget"] = "email"
        if field.type == "properties":
            attributes |= {"nolabel": "1", "colspan": "2", "columns": "1"}
        return E.field(name=name, **attributes)

    def _lifecycle_get_fill_helpers(self, names):
        """Fields that the widgets of ``names`` read beside their own."""
        helpers = set()
        for field in map(self._fields.get, names):
            if field.type == "properties":
                helpers.add(field.definition_record)
            elif field.type == "monetary":
                helpers.add(field.get_currency_field(self))
        return sorted(helpers - {None, *names})
