from odoo import api, models

PENDING = "crm_lifecycle.moved"


class CrmLifecycleProcess(models.Model):
    """Open maps learn that something moved, and ask for the numbers they may see."""

    _name = "crm.lifecycle.process"
    _inherit = ["crm.lifecycle.process", "bus.listener.mixin"]

    @api.model
    def _tell_moved(self, process_ids):
        """Say once in this transaction that records of these processes have moved.

        Nothing but the process is told.

        :param process_ids: iterable of ids
        """
        data = self.env.cr.postcommit.data
        if PENDING not in data:
            data[PENDING] = set()

            @self.env.cr.postcommit.add
            def tell():
                # a transaction of its own: what was rolled back in part is not told
                with self.env.registry.cursor() as cr:
                    processes = self.with_env(self.env(cr=cr))
                    for process in processes.browse(sorted(data.pop(PENDING))):
                        process._bus_send(PENDING, {"process_id": process.id})

        data[PENDING].update(process_ids)


class CrmLifecycleVisit(models.Model):
    _inherit = "crm.lifecycle.visit"

    @api.model
    def _close_for(self, key, record_ids, now):
        closed = super()._close_for(key, record_ids, now)
        self.env["crm.lifecycle.process"]._tell_moved(closed)
        return closed

    @api.model
    def _open_for(self, key, rows, common):
        visits = super()._open_for(key, rows, common)
        self.env["crm.lifecycle.process"]._tell_moved([common["process_id"]])
        return visits
