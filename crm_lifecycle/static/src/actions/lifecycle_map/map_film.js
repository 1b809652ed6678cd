const FRAMES = 60;
const SECONDS = 0.35; // for each frame

/** A period as a film: the counts of each moment, shown one after the other. */
export class MapFilm {
    /**
     * @param {import("./map_model").MapModel} model
     */
    constructor(model) {
        this.model = model;
        this.isOpen = false;
        this.isPlaying = false;
        this.frame = 0;
        this.data = null;
        this.timer = null;
    }

    /** The moment to show, as an option of the map. */
    get shown() {
        return this.frame === this.last ? false : this.moment;
    }

    get moment() {
        return this.data.moments[this.frame];
    }

    get last() {
        return this.data.moments.length - 1;
    }

    async open() {
        const { model } = this;
        const options = { ...model.options, as_of: false };
        this.data = await model.call("get_lifecycle_replay", [options, FRAMES]);
        this.frame = this.last;
        this.isOpen = true;
    }

    async close() {
        this.pause();
        this.isOpen = false;
        this.data = null;
        if (this.model.options.as_of) {
            await this.model.setOptions({ as_of: false });
        }
    }

    play() {
        if (this.frame === this.last) {
            this.frame = 0;
        }
        this.isPlaying = true;
        this.step();
    }

    step() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            if (!this.isPlaying) {
                return;
            }
            this.frame = Math.min(this.frame + 1, this.last);
            if (this.frame === this.last) {
                this.pause();
            } else {
                this.step();
            }
        }, SECONDS * 1000);
    }

    pause() {
        this.isPlaying = false;
        clearTimeout(this.timer);
    }

    seek(frame) {
        this.pause();
        this.frame = Math.min(Math.max(frame, 0), this.last);
    }

    /** All numbers of the moment that is shown. */
    async stay() {
        this.pause();
        if (this.shown !== this.model.options.as_of) {
            await this.model.setOptions({ as_of: this.shown });
        }
    }

    /** Who stands in a stage at the moment that is shown. */
    getCount(key) {
        return (this.data.counts[key] || [])[this.frame] || 0;
    }

    /** How many took an edge since the moment before. */
    getTraffic(source, target) {
        return this.data.moves
            .filter(([frame, from, to]) => frame === this.frame && from === source && to === target)
            .reduce((sum, move) => sum + move[3], 0);
    }
}
