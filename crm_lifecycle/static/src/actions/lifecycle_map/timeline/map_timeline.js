import { Component, useState } from "@odoo/owl";

import { DateTimeInput } from "@web/core/datetime/datetime_input";
import {
    deserializeDateTime,
    formatDate,
    formatDateTime,
    serializeDateTime,
} from "@web/core/l10n/dates";

/** Which moment is shown: now, a day of the past, or one after the other as a film. */
export class MapTimeline extends Component {
    static template = "crm_lifecycle.MapTimeline";
    static components = { DateTimeInput };
    static props = { model: Object, onClose: Function };

    setup() {
        this.model = useState(this.props.model);
    }

    get film() {
        return this.model.film;
    }

    get moment() {
        return deserializeDateTime(this.film.moment);
    }

    get label() {
        return formatDateTime(this.moment);
    }

    get ends() {
        const { moments } = this.film.data;
        return [moments[0], moments.at(-1)].map((text) => formatDate(deserializeDateTime(text)));
    }

    get today() {
        return luxon.DateTime.now();
    }

    toggle() {
        if (this.film.isPlaying) {
            return this.film.stay();
        }
        this.film.play();
    }

    onSlide(ev) {
        this.film.seek(Number(ev.target.value));
    }

    /** Show the chart as it was at a day that is chosen. */
    async choose(date) {
        if (!date) {
            return;
        }
        this.film.pause();
        const isPast = date < luxon.DateTime.now();
        await this.model.setOptions({ as_of: isPast ? serializeDateTime(date) : false });
        const index = this.film.data.moments.findIndex((text) => deserializeDateTime(text) >= date);
        this.film.seek(index < 0 ? this.film.last : index);
    }
}
