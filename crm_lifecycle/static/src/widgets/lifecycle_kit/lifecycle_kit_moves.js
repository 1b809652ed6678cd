import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

/**
 * The next steps as buttons. A blocked one can be clicked all the same: the server
 * then says the very reasons that its tooltip shows.
 */
export class LifecycleKitMoves extends Component {
    static template = "crm_lifecycle.LifecycleKitMoves";
    static props = {
        moves: Array,
        automatic: Array,
        onMove: Function,
        onAsk: { type: Function, optional: true },
    };

    setup() {
        this.state = useState({ isBusy: false });
    }

    get blocked() {
        return this.props.moves.filter((move) => move.blockers.length);
    }

    get automatic() {
        return this.props.automatic.join(", ");
    }

    isMain(move) {
        return move === this.props.moves.find((m) => !m.blockers.length && m.outcome !== "lost");
    }

    buttonClass(move) {
        if (move.blockers.length) {
            return "btn-outline-secondary";
        }
        return this.isMain(move) ? "btn-primary" : "btn-secondary";
    }

    icon(move) {
        if (move.blockers.length) {
            return "fa-lock";
        }
        return { won: "fa-trophy", lost: "fa-times" }[move.outcome] || "fa-arrow-right";
    }

    tooltip(move) {
        const reasons = [...move.blockers, ...move.warnings];
        return reasons.join("\n") || _t("Move to “%s”", move.name);
    }

    async onClick(move) {
        if (this.state.isBusy) {
            return; // a double click moves once
        }
        this.state.isBusy = true;
        try {
            await this.props.onMove(move);
        } finally {
            this.state.isBusy = false;
        }
    }
}
