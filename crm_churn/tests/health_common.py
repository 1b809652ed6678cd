from .common import NOW, ChurnCommon


class HealthCommon(ChurnCommon):
    """No signal counts but those of the test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Signal = cls.env["crm.churn.signal"]
        cls.Score = cls.env["crm.churn.score"]
        cls.shipped = cls.Signal.search([])
        cls.shipped.active = False

    @classmethod
    def _new_signal(cls, source, **values):
        return cls.Signal.create(
            {
                "name": source.capitalize(),
                "source": source,
                "weight": 20,
                "limit_from": 0,
                "limit_full": 1,
                **values,
            }
        )

    @classmethod
    def _judge(cls, partner=None, company=None):
        """Judge one customer, as when something happened to it."""
        partner = cls.customer if partner is None else partner
        cls.Score._refresh(partner.ids)
        return cls._score(partner, company)

    @classmethod
    def _score(cls, partner=None, company=None):
        partner = cls.customer if partner is None else partner
        company = company or cls.company
        return cls.Score.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )

    @classmethod
    def _night(cls, day=NOW):
        """Judge everybody, as the nightly run does."""
        cls.Score._refresh_all(today=day.date())
