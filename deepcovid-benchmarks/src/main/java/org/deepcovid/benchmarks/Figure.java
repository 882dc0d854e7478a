package org.deepcovid.benchmarks;

import java.util.Locale;

/** One measured number. */
record Figure(String row, String network, String setting, double value, String unit) {

    static final String COLUMNS = "row,network,setting,value,unit";

    String line() {
        return String.format(Locale.ROOT, "%s,%s,%s,%.4g,%s", row, network, setting, value, unit);
    }
}
