import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";

import { formatAmount, formatCount, formatShare, formatStay } from "../map_format";
import { ICONS } from "../map_icons";
import { fitText, measureText } from "../map_text";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const TITLE_FONT = `600 13.5px ${FONT}`;
const COUNT_FONT = `700 27px ${FONT}`;
const SMALL_FONT = `400 11.5px ${FONT}`;
const PAD = 14;
const AVATARS = 3;
const AVATAR = 22;
const STATES = ["late", "soon", "ok", "none"];
const WORDS = {
    late: _t("late"),
    soon: _t("due soon"),
    ok: _t("on time"),
    none: _t("without limit"),
};

/** One stage: who stands there, in what state, with whom, and for how long. */
export class MapNode extends Component {
    static template = "crm_lifecycle.MapNode";
    static props = {
        node: Object,
        box: Object,
        currencyId: [Number, Boolean],
        isSelected: { type: Boolean, optional: true },
        isFaded: { type: Boolean, optional: true },
        hasChanged: { type: Boolean, optional: true },
        isJam: { type: Boolean, optional: true },
        mark: { type: [Object, { value: null }], optional: true },
        isEditing: { type: Boolean, optional: true },
        rtl: { type: Boolean, optional: true },
        onSelect: Function,
        onOpen: Function,
    };

    ICONS = ICONS;
    PAD = PAD;
    AVATAR = AVATAR;

    get isRoomy() {
        return this.props.box.width > 200;
    }

    get inner() {
        return this.props.box.width - 2 * PAD;
    }

    /** Where a text begins that is ``width`` wide and ``from`` the start of the line. */
    at(from, width = 0) {
        return this.props.rtl ? this.props.box.width - from - width : from;
    }

    get title() {
        const signs = (this.sign ? 18 : 0) + (this.props.node.handover ? 18 : 0);
        const room = this.inner - signs - this.ownerWidth - (this.limit ? this.limitWidth + 8 : 0);
        return fitText(this.props.node.name, room, TITLE_FONT);
    }

    get sign() {
        return { won: "won", lost: "lost" }[this.props.node.outcome];
    }

    get limit() {
        const { limit } = this.props.node;
        return limit && limit.hours && this.isRoomy ? formatStay(limit.hours, limit.day) : "";
    }

    /** Whoever answers for the stage stands in its corner. */
    get responsible() {
        const { owner } = this.props.node;
        return owner ? { ...owner, url: avatarUrl(owner.id) } : null;
    }

    get ownerWidth() {
        return this.responsible ? 23 : 0;
    }

    get limitWidth() {
        return measureText(this.limit, SMALL_FONT) + 15;
    }

    get count() {
        return formatCount(this.props.node.count);
    }

    get countWidth() {
        return measureText(this.count, COUNT_FONT);
    }

    get details() {
        const { node, currencyId } = this.props;
        const room = this.inner - this.countWidth - 8 - this.avatars.width;
        const amount = formatAmount(node.amount, currencyId);
        const onward = node.onward && formatShare(node.onward, node.departed);
        return {
            x: PAD + this.countWidth + 8,
            amount: node.amount && room > 36 ? fitText(amount, room, SMALL_FONT) : "",
            onward: onward && room > 52 ? onward : "",
        };
    }

    get avatars() {
        const { owners, nobody } = this.props.node;
        const shown = owners.slice(0, this.isRoomy ? AVATARS : AVATARS - 1);
        const more = owners.length - shown.length;
        const count = shown.length + (more ? 1 : 0) + (nobody ? 1 : 0);
        const items = shown.map((owner) => ({ ...owner, url: avatarUrl(owner.id) }));
        return { items, more, nobody, width: count ? count * (AVATAR - 6) + 8 : 0 };
    }

    /** Pieces of the bar, one for each colour. */
    get bar() {
        const { states, count } = this.props.node;
        const pieces = [];
        let x = 0;
        for (const state of STATES.filter((name) => states[name])) {
            const width = (this.inner * states[state]) / count;
            pieces.push({ state, x, width: Math.max(width - 1.5, 1.5) });
            x += width;
        }
        return pieces;
    }

    /** The states in figures, each with its sign. */
    get figures() {
        const { states } = this.props.node;
        let x = PAD;
        const figures = [];
        for (const state of STATES.filter((name) => name !== "none" && states[name])) {
            const text = formatCount(states[state]);
            figures.push({ state, x, text, title: `${states[state]} ${WORDS[state]}` });
            x += 14 + measureText(text, SMALL_FONT) + 9;
        }
        return { items: figures, end: x };
    }

    get stay() {
        const { median_hours: median, p90_hours: p90 } = this.props.node;
        if (!median) {
            return { text: "", title: "" };
        }
        const [half, most] = [formatStay(median), formatStay(p90)];
        const both = `${half} – ${most}`;
        const room = this.props.box.width - PAD - this.figures.end;
        return {
            text: measureText(both, SMALL_FONT) <= room ? both : half,
            title: _t("Half of them leave within %(half)s, 90 %% within %(most)s.", { half, most }),
        };
    }

    /** All of it in one sentence, for those who do not see it. */
    get label() {
        const { node, isJam } = this.props;
        const states = STATES.filter((name) => node.states[name])
            .map((name) => `${node.states[name]} ${WORDS[name]}`)
            .join(", ");
        const parts = [node.name, _t("%s standing here", node.count), states, this.stay.title];
        if (isJam) {
            parts.push(_t("Bottleneck"));
        }
        if (node.owner) {
            parts.push(_t("Owner: %s", node.owner.name));
        }
        if (node.ownerless) {
            parts.push(_t("Nobody answers for this stage"));
        }
        return parts.filter(Boolean).join(". ");
    }

    get classes() {
        const { node, isSelected, isFaded, hasChanged, isJam, mark } = this.props;
        return {
            [`o_lifecycle_map_color_${node.color % 12}`]: true,
            [`o_lifecycle_map_${node.outcome}`]: true,
            o_selected: isSelected,
            o_faded: isFaded,
            o_changed: hasChanged,
            o_jam: isJam,
            [`o_mark_${mark && mark.kind}`]: Boolean(mark),
        };
    }

    onKeydown(ev) {
        if (ev.key === "Enter" || ev.key === " ") {
            ev.preventDefault();
            ev.stopPropagation();
            this.props.onSelect(this.props.node);
        }
    }

    openState(state) {
        const states = { ok: ["running"], none: ["paused", "idle", false] }[state] || [state];
        this.props.onOpen(this.props.node, { states });
    }
}

function avatarUrl(userId) {
    return `/web/image/res.users/${userId}/avatar_128`;
}
