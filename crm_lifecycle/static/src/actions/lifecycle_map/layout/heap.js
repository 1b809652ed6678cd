/** A queue that gives the cheapest first; of equal ones, the one that came first. */
export class Heap {
    constructor() {
        this.items = [];
        this.count = 0;
    }

    get size() {
        return this.items.length;
    }

    push(cost, value) {
        const items = this.items;
        items.push({ cost, order: this.count++, value });
        let at = items.length - 1;
        while (at) {
            const parent = (at - 1) >> 1;
            if (isBefore(items[parent], items[at])) {
                break;
            }
            [items[parent], items[at]] = [items[at], items[parent]];
            at = parent;
        }
    }

    pop() {
        const items = this.items;
        const first = items[0];
        const last = items.pop();
        if (items.length) {
            items[0] = last;
            this.sink();
        }
        return first.value;
    }

    sink() {
        const items = this.items;
        let at = 0;
        for (;;) {
            let least = at;
            for (const child of [2 * at + 1, 2 * at + 2]) {
                if (child < items.length && isBefore(items[child], items[least])) {
                    least = child;
                }
            }
            if (least === at) {
                return;
            }
            [items[least], items[at]] = [items[at], items[least]];
            at = least;
        }
    }
}

function isBefore(a, b) {
    return a.cost < b.cost || (a.cost === b.cost && a.order < b.order);
}
