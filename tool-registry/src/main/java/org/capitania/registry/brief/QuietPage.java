package org.capitania.registry.brief;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.capitania.contract.api.Gap;

/** What still waits, in plain words and in the language that the company reads: Portuguese, else English. */
final class QuietPage {
    private final boolean portuguese;
    private final Instant now;
    private final List<String> lines = new ArrayList<>();

    QuietPage(String language, Instant now) {
        this.portuguese = language.toLowerCase(Locale.ROOT).startsWith("pt");
        this.now = now;
    }

    /** From the figures of the brief. */
    void queue(Section queue) {
        waits(
                (int) queue.value("waiting"),
                queue.value("oldest"),
                say("proposal waits for your decision", "proposta espera pela sua decisão"),
                say("proposals wait for your decision", "propostas esperam pela sua decisão"));
        waits(
                (int) queue.value("reviews"),
                queue.value("oldest_review"),
                say("question waits for your answer", "pergunta espera pela sua resposta"),
                say("questions wait for your answer", "perguntas esperam pela sua resposta"));
    }

    void gap(Gap.Summary gap) {
        String what = gap.description().replaceAll("\\.+$", "");
        lines.add(what + ": " + gap.count()
                + (gap.oldest() == null
                        ? ""
                        : say(", the oldest for ", ", o mais antigo há ") + age(hours(gap.oldest()))));
    }

    void ceiling() {
        lines.add(say(
                "Nine tenths of the month's ceiling for the agents are used up",
                "Nove décimos do limite do mês para os agentes estão gastos"));
    }

    /** Whether nothing waits. */
    boolean empty() {
        return lines.isEmpty();
    }

    String text(LocalDate day) {
        StringBuilder text = new StringBuilder(say("# Brief of ", "# Resumo de ") + day + "\n\n");
        text.append(say(
                "Nothing new has happened since the last brief. This still waits:",
                "Não aconteceu nada de novo desde o último resumo. Isto continua à espera:"));
        text.append("\n\n");
        lines.forEach(line -> text.append("- ").append(line).append(".\n"));
        return text.toString();
    }

    /** What the owner reads first. */
    String headline() {
        return BriefFacts.cut(say("Nothing new, and this still waits: ", "Nada de novo, e isto continua à espera: ")
                + String.join("; ", lines) + ".");
    }

    private void waits(int many, double oldest, String one, String more) {
        if (many > 0) {
            lines.add(many + " " + (many == 1 ? one : more)
                    + (many == 1 ? say(", for ", ", há ") : say(", the oldest for ", ", a mais antiga há "))
                    + age(oldest));
        }
    }

    private double hours(Instant since) {
        return Duration.between(since, now).toSeconds() / 3600.0;
    }

    private String age(double hours) {
        long days = Math.round(hours / 24);
        if (days >= 2) {
            return days + say(" days", " dias");
        }
        long whole = Math.max(1, Math.round(hours));
        return whole + (whole == 1 ? say(" hour", " hora") : say(" hours", " horas"));
    }

    private String say(String english, String inPortuguese) {
        return portuguese ? inPortuguese : english;
    }
}
