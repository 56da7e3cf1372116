package org.capitania.agentruntime.rehearsal;

import java.util.List;
import java.util.regex.Pattern;

/** Chief's decision tree (seeds 17.8) for a mail: how much has to be read, and whether something has to change. */
enum ChiefDecision {
    /** Nothing is asked: what the mail itself says is enough. */
    INLINE,
    /** A fact is needed, and facts are operator's to give. */
    ASK,
    /** Three sources or more. */
    DEEP_DIVE,
    /** The customer wants a change in a project. */
    PROJECT,
    /** Somebody is upset, or may leave. */
    ESCALATE;

    private static final Pattern UPSET = any(
            "complain",
            "unacceptable",
            "disappointed",
            "lawyer",
            "refund",
            "money back",
            "cancel (?:our|the|my)",
            "reclama[çc]",
            "inaceit[áa]vel",
            "desilud",
            "advogad",
            "reembolso",
            "rescindir",
            "cancelar (?:o|a|os|as)\\b");
    private static final Pattern CHANGE = any(
            "\\bfix\\b",
            "\\bchange\\b",
            "\\bcorrect\\b",
            "\\breplace\\b",
            "\\btypo\\b",
            "corrig",
            "\\balter",
            "\\bmudar\\b",
            "substitu",
            "gralha");
    private static final Pattern PLACE = any(
            "web ?site",
            "\\bsite\\b",
            "\\bpage\\b",
            "online shop",
            "\\bcatalogue\\b",
            "p[áa]gina",
            "loja online",
            "cat[áa]logo");
    private static final Pattern THANKS = any("\\bthank", "\\bthanks\\b", "obrigad", "agrade[çc]");
    private static final Pattern REQUEST =
            any("\\?", "please", "could you", "por favor", "podem", "gostava", "gostaria");
    private static final List<Pattern> SOURCES = List.of(
            any("contract", "contrato"),
            any("meeting", "\\bcall\\b", "reuni[ãa]o", "chamada"),
            any("promis", "agreed", "promet", "acordad"),
            any("invoice", "fatura"),
            any("delivery", "entrega"));
    private static final Pattern WHOLE =
            any("where we are", "overall", "summar", "ponto de situa[çc][ãa]o", "\\bresum");
    private static final int SHORT = 400;

    /** The way that a mail's own words ask for; where two are sensible, the seed picks one. */
    static ChiefDecision of(String words, Paths paths) {
        if (UPSET.matcher(words).find()) {
            return ESCALATE;
        }
        if (CHANGE.matcher(words).find() && PLACE.matcher(words).find()) {
            return PROJECT;
        }
        long sources = SOURCES.stream().filter(s -> s.matcher(words).find()).count()
                + (WHOLE.matcher(words).find() ? 2 : 0);
        if (sources >= 2) {
            return DEEP_DIVE;
        }
        if (sources == 1) {
            return paths.one("two sources", ASK, DEEP_DIVE);
        }
        boolean onlyThanks =
                THANKS.matcher(words).find() && !REQUEST.matcher(words).find() && words.length() < SHORT;
        return onlyThanks ? INLINE : ASK;
    }

    private static Pattern any(String... words) {
        return Pattern.compile(String.join("|", words), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
