package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The brief as a page in the owner's language: under each heading what the figures say, what I would do about it, and where they come from. A
 * heading without news is left out.
 */
final class BriefPage {
    private static final int LINES = 8;
    /** From here on the month's ceiling counts as nearly used up. */
    private static final double NEARLY = 0.9;

    private static final Map<String, String[]> ACTS =
            Map.of("email_send", new String[] {"Sending mail", "Enviar e-mail"});
    private static final Map<String, String[]> LACKS = Map.of(
            "approvals", new String[] {"thirty approvals", "trinta aprovações"},
            "clean", new String[] {"more drafts that go out as they are", "mais rascunhos que seguem sem alterações"},
            "diff", new String[] {"fewer changes to the drafts", "menos alterações aos rascunhos"},
            "rejections", new String[] {"a fortnight without a rejection", "quinze dias sem uma rejeição"},
            "pinned", new String[] {"five examples that you have pinned", "cinco exemplos fixados por si"},
            "clean_tasks", new String[] {"more tasks without a fault", "mais tarefas sem falhas"},
            "bad", new String[] {"fewer bad steps", "menos passos errados"},
            "missing", new String[] {"fewer missing steps", "menos passos em falta"});

    /** Of each section its heading, and what it rests on. */
    private static final Map<String, String[][]> SECTIONS = Map.of(
            "queue",
                    new String[][] {
                        {"What waits for you", "O que espera por si"},
                        {"the queue of approvals", "a fila de aprovações"}
                    },
            "gaps",
                    new String[][] {
                        {"What is late or missing", "O que está atrasado ou em falta"},
                        {"the gap views of the graph", "as listas de falhas do grafo"}
                    },
            "pipeline",
                    new String[][] {
                        {"Deals", "Negócios"}, {"the pipeline of the graph", "os negócios em curso no grafo"}
                    },
            "costs",
                    new String[][] {
                        {"What the agents cost", "O que custam os agentes"},
                        {"the agents' budgets", "os orçamentos dos agentes"}
                    },
            "write_conflicts",
                    new String[][] {
                        {"Written twice", "Escrito duas vezes"},
                        {"the journal of calls since yesterday", "o registo de chamadas desde ontem"}
                    },
            "graduation",
                    new String[][] {
                        {"What may go out without asking", "O que pode seguir sem perguntar"},
                        {"your decisions and grades", "as suas decisões e avaliações"}
                    },
            "utilization",
                    new String[][] {
                        {"How we use what we may", "Como usamos o que podemos"},
                        {"the journal of calls of thirty days", "o registo de chamadas de trinta dias"}
                    },
            "learned",
                    new String[][] {
                        {"What we learned last week", "O que aprendemos na semana passada"},
                        {
                            "your decisions and grades, and the records of the week",
                            "as suas decisões e avaliações, e os registos da semana"
                        }
                    },
            "missing_steps",
                    new String[][] {
                        {"What I left out", "O que deixei por fazer"},
                        {"your grades of fourteen days", "as suas avaliações de catorze dias"}
                    });

    private final Language l;
    private final JsonNode day;
    private final StringBuilder text = new StringBuilder();
    private final List<String> news = new ArrayList<>();

    BriefPage(Language l, JsonNode day) {
        this.l = l;
        this.day = day;
        text.append("# ")
                .append(l.say("Brief of ", "Resumo de "))
                .append(date())
                .append('\n');
        day.path("sections").forEach(this::section);
        if (news.isEmpty()) {
            text.append('\n')
                    .append(l.say("Nothing needs you today.", "Hoje nada precisa de si."))
                    .append('\n');
        }
        text.append('\n').append(l.rehearsed()).append('\n');
    }

    String text() {
        return text.toString();
    }

    /** What the owner reads first. */
    String headline() {
        String what =
                news.isEmpty() ? l.say("nothing needs you today", "hoje nada precisa de si") : String.join(", ", news);
        return Text.cut(
                l.say("Your brief of ", "O seu resumo de ") + date() + l.say(" is ready: ", " está pronto: ") + what
                        + ".",
                1000);
    }

    private String date() {
        return l.date(Text.first(day, "day"));
    }

    private void section(JsonNode section) {
        String name = section.path("name").asText();
        String[][] words = SECTIONS.get(name);
        List<String> lines = words == null ? List.of() : lines(name, section);
        if (words == null || lines.isEmpty()) {
            return;
        }
        text.append("\n## ").append(say(words[0])).append("\n\n");
        lines.forEach(line -> text.append("- ").append(line).append('\n'));
        text.append("- ")
                .append(l.say("Source: ", "Fonte: "))
                .append(say(words[1]))
                .append(".\n");
    }

    private List<String> lines(String name, JsonNode section) {
        if (section.has("unavailable")) {
            news.add(l.say("not all of it could be had", "nem tudo se conseguiu saber"));
            return List.of(l.say(
                    "This could not be had today. I would have operator look why.",
                    "Isto não se conseguiu saber hoje. Eu pedia ao operador que visse porquê."));
        }
        return switch (name) {
            case "queue" -> queue(section);
            case "gaps" -> gaps(section);
            case "pipeline" -> pipeline(section);
            case "costs" -> costs(section);
            case "write_conflicts" -> conflicts(section);
            case "graduation" -> graduation(section);
            case "learned" -> new LearnedLines(l).of(section);
            case "utilization" -> new UtilizationLines(l).of(section);
            default -> missing(section);
        };
    }

    private List<String> queue(JsonNode section) {
        List<String> lines = new ArrayList<>();
        int waiting = (int) value(section, "waiting");
        if (waiting > 0) {
            String many = l.count(
                    waiting,
                    "proposal waits for you",
                    "proposals wait for you",
                    "proposta espera por si",
                    "propostas esperam por si");
            news.add(many);
            lines.add(many
                    + l.say(", the oldest for ", ", a mais antiga há ")
                    + age(value(section, "oldest"))
                    + l.say(". I would begin with that one.", ". Eu começava por essa."));
            items(section)
                    .forEach(p -> lines.add("“" + Text.cut(Text.first(p, "summary"), 160)
                            + l.say("”. I would decide it today.", "”. Eu decidia hoje.")));
        }
        if (missed(section, "median_age")) {
            lines.add(l.say("Half of them have waited for more than ", "Metade espera há mais de ")
                    + age(value(section, "median_age"))
                    + l.say(
                            ". I would let the simplest answers go out without asking.",
                            ". Eu deixava as respostas mais simples seguir sem perguntar."));
        }
        int reviews = (int) value(section, "reviews");
        if (reviews > 0) {
            lines.add(l.count(reviews, "question waits", "questions wait", "pergunta espera", "perguntas esperam")
                    + l.say(
                            " for your answer. I would answer the oldest first.",
                            " pela sua resposta. Eu respondia primeiro à mais antiga."));
        }
        return lines;
    }

    private List<String> gaps(JsonNode section) {
        int lists = (int) value(section, "gaps");
        if (lists > 0) {
            news.add(l.count(
                    lists,
                    "list has something late",
                    "lists have something late",
                    "lista tem algo atrasado",
                    "listas têm algo atrasado"));
        }
        return items(section)
                .map(gap -> bare(Text.or(Text.first(gap, "description"), Text.first(gap, "name"))) + ": "
                        + gap.path("count").asInt() + "."
                        + (gap.has("worst")
                                ? l.say(" The worst: ", " O pior caso: ") + bare(Text.first(gap, "worst")) + "."
                                : "")
                        + (Text.first(gap, "agent").equals("chief")
                                ? l.say(" I would take them on today.", " Eu tratava deles hoje.")
                                : l.say(
                                        " I would have operator look at the oldest first.",
                                        " Eu pedia ao operador que visse primeiro o mais antigo.")))
                .toList();
    }

    private List<String> pipeline(JsonNode section) {
        List<String> lines = new ArrayList<>();
        section.path("figures").forEach(figure -> {
            String name = figure.path("name").asText();
            String amount =
                    amount(figure.path("value")) + " " + figure.path("unit").asText();
            switch (name) {
                case "value" -> lines.add(l.say("In all: ", "No total: ") + amount + ".");
                case "forecast" ->
                    lines.add(l.say("Of that can be expected: ", "Do que se pode esperar: ") + amount + ".");
                case "at_risk" -> lines.add(l.say("At risk: ", "Em risco: ") + amount + ".");
                default -> {}
            }
        });
        section.path("items").forEach(item -> {
            if (item.has("count")) {
                lines.add(Text.first(item, "stage") + ": "
                        + l.count(item.path("count").asInt(), "deal", "deals", "negócio", "negócios") + ".");
            } else {
                lines.add("“" + Text.first(item, "title") + "”: " + amount(item.path("at_risk")) + " "
                        + Text.first(item, "currency")
                        + l.say(
                                " at risk. I would write to them this week.",
                                " em risco. Eu escrevia-lhes esta semana."));
            }
        });
        return value(section, "deals") == 0 ? List.of() : lines;
    }

    private List<String> costs(JsonNode section) {
        JsonNode month = figure(section, "month");
        double spent = month.path("value").asDouble();
        double ceiling = month.path("goal").asDouble();
        boolean nearly = ceiling > 0 && spent >= NEARLY * ceiling;
        List<String> lines = new ArrayList<>();
        lines.add(l.say("This month: ", "Este mês: ") + amount(month.path("value")) + l.say(" of ", " de ")
                + amount(month.path("goal")) + " USD. "
                + (nearly
                        ? l.say(
                                "I would raise the ceiling, or let wait what can wait.",
                                "Eu subia o limite, ou deixava esperar o que pode esperar.")
                        : l.say("I would leave the ceiling as it is.", "Eu deixava o limite como está.")));
        items(section)
                .filter(item -> item.has("held"))
                .forEach(item -> lines.add(Text.first(item, "agent") + l.say(" waits: ", " está à espera: ")
                        + Text.first(item, "held") + "."));
        if (nearly) {
            news.add(l.say("the month's ceiling is nearly used up", "o limite do mês está quase gasto"));
        }
        return month.isMissingNode() ? List.of() : lines;
    }

    private List<String> conflicts(JsonNode section) {
        int count = (int) value(section, "write_conflicts");
        if (count > 0) {
            news.add(l.count(
                    count,
                    "record was written twice",
                    "records were written twice",
                    "registo foi escrito duas vezes",
                    "registos foram escritos duas vezes"));
        }
        return items(section)
                .map(c -> "“" + Text.first(c, "title") + l.say("” was written by ", "” foi escrito por ")
                        + names(c.path("actors"))
                        + l.say(
                                ". I would have operator check what stands now.",
                                ". Eu pedia ao operador que verificasse o que ficou."))
                .toList();
    }

    private List<String> graduation(JsonNode section) {
        int ready = (int) value(section, "ready");
        if (ready > 0) {
            news.add(l.count(ready, "act", "acts", "ato", "atos")
                    + l.say(" may go out without asking", " em condições de seguir sem perguntar"));
        }
        return items(section)
                .filter(act ->
                        !(act.path("ready").asBoolean() && act.path("graduated").asBoolean()))
                .map(this::graduationLine)
                .toList();
    }

    private String graduationLine(JsonNode item) {
        String act = act(l, item);
        if (item.path("ready").asBoolean()) {
            return act
                    + l.say(
                            " is ready. I would let it go for one customer first.",
                            ": está tudo pronto. Eu deixava seguir primeiro para um só cliente.");
        }
        String lacks = Text.each(item.path("lacking")).stream()
                .map(signal -> word(l, LACKS, signal.asText()))
                .collect(Collectors.joining(", "));
        return act
                + (item.path("graduated").asBoolean()
                        ? l.say(" goes out without asking, but this is lacking: ", " segue sem perguntar, mas falta: ")
                                + lacks
                                + l.say(". I would ask again for now.", ". Eu voltava a perguntar por agora.")
                        : l.say(" is not ready. What is lacking: ", ": ainda falta ")
                                + lacks
                                + l.say(". I would go on asking.", ". Eu continuava a perguntar."));
    }

    private List<String> missing(JsonNode section) {
        return items(section)
                .map(step -> "“" + Text.cut(Text.first(step, "step"), 160) + "”: "
                        + l.count(step.path("times").asInt(), "time", "times", "vez", "vezes")
                        + l.say(
                                " in fourteen days. I would do it first from now on.",
                                " em catorze dias. A partir de agora eu fazia isso primeiro."))
                .toList();
    }

    private Stream<JsonNode> items(JsonNode section) {
        return Text.each(section.path("items")).stream().limit(LINES);
    }

    private static JsonNode figure(JsonNode section, String name) {
        return Text.each(section.path("figures")).stream()
                .filter(figure -> figure.path("name").asText().equals(name))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    static double value(JsonNode section, String name) {
        return figure(section, name).path("value").asDouble();
    }

    private static boolean missed(JsonNode section, String name) {
        return !figure(section, name).path("holds").asBoolean(true);
    }

    private static String amount(JsonNode value) {
        return value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : "0";
    }

    private String age(double hours) {
        return hours < 48
                ? l.count(Math.round(hours), "hour", "hours", "hora", "horas")
                : l.count(Math.round(hours / 24), "day", "days", "dia", "dias");
    }

    private String names(JsonNode actors) {
        return Text.each(actors).stream()
                .map(actor -> actor.asText().substring(actor.asText().indexOf(':') + 1))
                .collect(Collectors.joining(l.say(" and ", " e ")));
    }

    private String say(String[] both) {
        return l.say(both[0], both[1]);
    }

    /** In one line, without its full stop. */
    private static String bare(String sentence) {
        return Text.cut(sentence, 160).replaceAll("[.]+$", "");
    }

    /** What an item is about, in words. */
    static String act(Language l, JsonNode item) {
        return word(l, ACTS, Text.first(item, "act"));
    }

    private static String word(Language l, Map<String, String[]> words, String name) {
        String[] both = words.get(name);
        return both == null ? Text.spoken(name) : l.say(both[0], both[1]);
    }
}
