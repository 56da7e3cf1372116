package org.capitania.graph.obligation;

/** Which hours an SLA counts. */
public enum SlaCalendar {
    HOURS,
    BUSINESS_HOURS
}
