import { WarningDialog } from "@web/core/errors/error_dialogs";
import { rpc, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { omit } from "@web/core/utils/objects";
import { patch } from "@web/core/utils/patch";

import { LifecycleRefusalDialog } from "./lifecycle_refusal_dialog";

const REASON_FIELD = "lifecycle_move_reason";
const ERROR_NAME = "odoo.addons.crm_lifecycle.exceptions.MoveRefused";

// the running web client's way to ask, set when it starts
let askUser = null;
const declined = new WeakSet();

function getRefusal(error) {
    const refusal = error instanceof RPCError && error.data?.context?.lifecycle_refusal;
    return refusal && refusal.ids ? refusal : null;
}

/**
 * The same call with the reason of the user, where the call itself can carry it.
 *
 * @param {object} params of the RPC
 * @param {{ model: string }} refusal
 * @param {string} reason
 * @returns {object|null}
 */
export function addReason(params, refusal, reason) {
    const { model, method, args } = params;
    const [ids, values, ...others] = args || [];
    if (model !== refusal.model) {
        return null;
    }
    if (method === "write" || method === "web_save") {
        return { ...params, args: [ids, { ...values, [REASON_FIELD]: reason }, ...others] };
    }
    if (method === "web_save_multi") {
        const rows = values.map((row) => ({ ...row, [REASON_FIELD]: reason }));
        return { ...params, args: [ids, rows, ...others] };
    }
    if (method === "action_lifecycle_move") {
        return { ...params, args: [ids, values, reason] };
    }
    return null;
}

/** Makes the move itself, for calls that cannot carry a reason. */
function moveWithReason({ model, ids, stage_id }, reason) {
    const method = "action_lifecycle_move";
    return rpc(`/web/dataset/call_kw/${model}/${method}`, {
        model,
        method,
        args: [ids, stage_id, reason],
        kwargs: {},
    });
}

/**
 * Asks for what is missing and repeats the call; whoever made it notices nothing.
 * What was filled in has been saved by then.
 */
async function complete(error, url, params, settings) {
    const refusal = getRefusal(error);
    const answer = await askUser(refusal);
    if (!answer) {
        declined.add(error);
        throw error;
    }
    let next = params;
    if (answer.reason) {
        next = addReason(params, refusal, answer.reason);
        if (!next) {
            await moveWithReason(refusal, answer.reason);
            next = params;
        }
    }
    return rpc(url, next, omit(settings, "xhr"));
}

// A move is tried by drags, status bars, buttons, lists: each is a call that the server refuses.
patch(rpc, {
    _rpc(url, params, settings) {
        const call = super._rpc(...arguments);
        if (!askUser) {
            return call;
        }
        const completed = call.catch((error) => {
            if (!getRefusal(error)) {
                throw error;
            }
            return complete(error, url, params, settings);
        });
        completed.abort = (...args) => call.abort(...args);
        return completed;
    },
});

/** Who closes the dialog has seen why: it is not told as an error once more. */
function declinedRefusalHandler(env, error, originalError) {
    if (!originalError || !declined.has(originalError)) {
        return false;
    }
    error.unhandledRejectionEvent.preventDefault();
    return true;
}

registry
    .category("error_handlers")
    .add("crm_lifecycle.declined_refusal", declinedRefusalHandler, { sequence: 90 });

// where nobody can be asked it is told as any other refusal
registry.category("error_dialogs").add(ERROR_NAME, WarningDialog);

export const lifecycleRefusalService = {
    dependencies: ["dialog"],
    start(env, { dialog }) {
        askUser = (refusal) =>
            new Promise((resolve) => {
                dialog.add(
                    LifecycleRefusalDialog,
                    { refusal, onAnswer: resolve },
                    { onClose: () => resolve(null) }
                );
            });
    },
};

registry.category("services").add("crm_lifecycle.refusal", lifecycleRefusalService);
