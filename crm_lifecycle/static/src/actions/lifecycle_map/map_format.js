/** Numbers of the map as people read them. */
import { _t } from "@web/core/l10n/translation";
import { formatCurrency } from "@web/core/currency";
import { localization } from "@web/core/l10n/localization";
import { humanNumber } from "@web/core/utils/numbers";

/**
 * How long something takes, short.
 *
 * @param {number|false} hours
 * @param {number} day hours of a day, fewer when working hours are counted
 * @returns {string} empty when it is not known
 */
export function formatStay(hours, day = 24) {
    if (hours === false || hours === null || hours === undefined) {
        return "";
    }
    if (hours < 1) {
        return _t("%s min", Math.round(hours * 60));
    }
    if (hours < 2 * day) {
        return _t("%s h", formatDecimal(hours));
    }
    return _t("%s d", formatDecimal(hours / day));
}

/**
 * A share in percent.
 *
 * @param {number} part
 * @param {number} whole
 * @returns {string} empty when there is no whole
 */
export function formatShare(part, whole) {
    return whole ? `${Math.round((100 * part) / whole)} %` : "";
}

/**
 * An amount with as few digits as say enough.
 *
 * @param {number} amount
 * @param {number} currencyId
 * @returns {string}
 */
export function formatAmount(amount, currencyId) {
    return formatCurrency(amount, currencyId, {
        digits: [false, 0],
        humanReadable: Math.abs(amount) >= 10000,
    });
}

/**
 * @param {number} number
 * @returns {string} with one decimal when it is small
 */
export function formatDecimal(number) {
    const rounded = number < 10 ? Math.round(number * 10) / 10 : Math.round(number);
    return String(rounded).replace(".", localization.decimalPoint);
}

/**
 * @param {number} count
 * @returns {string} at most four characters
 */
export function formatCount(count) {
    return count < 10000 ? String(count) : humanNumber(count, { decimals: 0 });
}
