from .common import LifecycleCommon


class PoolCommon(LifecycleCommon):
    """A pool for leads and one for customers, and two sellers who are members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._new_user("colleague", "sales_team.group_sale_salesman")
        cls.outsider = cls._new_user("stranger", "sales_team.group_sale_salesman")
        members = [(6, 0, (cls.seller | cls.colleague | cls.leader).ids)]
        cls.pool = cls.env["crm.lead.pool"].create(
            {"name": "East", "user_ids": members, "user_id": cls.manager.id}
        )
        cls.customer_pool = cls.env["crm.lead.pool"].create(
            {
                "name": "Old Customers",
                "res_model": "res.partner",
                "user_ids": members,
                "user_id": cls.manager.id,
            }
        )

    @classmethod
    def _new_pooled(cls, count=1, pool=None, **values):
        """Leads that the seller released."""
        leads = cls._new_leads(count, **values)
        leads._lifecycle_release(pool or cls.pool, "Too far away")
        return leads

    def _card(self, record, user=None):
        cards = self.env["crm.lead.pool.card"].with_user(user or self.env.user)
        return cards.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
