package org.capitania.agentruntime.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A deal moved to another stage: chief looks what the stage needs, and puts the first thing that is missing on the owner's list. */
final class StageProcedure implements Procedure {

    @Override
    public Outcome play(Play play) {
        String ref = play.field("slug", "id");
        String stage = play.field("after");
        Map<String, Object> show = Map.of("action", "show", "ref", ref);
        JsonNode deal = play.look("I look at the deal as it stands now.", "hq_engagement", show)
                .orElse(MissingNode.getInstance());
        JsonNode node = deal.path("node");
        String name = Text.name(node, Text.spoken(ref));
        if (!node.isMissingNode() && !node.path("status").asText(stage).equals(stage)) {
            return new Outcome(name + " has moved on since.", "already moved on");
        }
        Language l = language(play, deal);
        Optional<String> missing = missing(l, stage, deal);
        if (missing.isEmpty()) {
            return new Outcome(name + " has what the stage " + stage + " needs.", "nothing missing");
        }
        String title =
                l.say("Complete " + name + ": " + missing.get(), "Completar " + name + ": falta " + missing.get());
        String became = Owner.tell(
                play,
                title,
                l.say(
                        "The deal has moved to the stage " + stage + ". What it needs first is " + missing.get()
                                + ". It is done when that is recorded with the deal.",
                        "O negócio passou à fase " + portuguese(stage) + ". O que falta primeiro é " + missing.get()
                                + ". Fica concluído quando isso estiver registado no negócio."),
                false,
                List.of(ref));
        return new Outcome(title + ".\n" + became, "first missing thing of the stage");
    }

    private static Language language(Play play, JsonNode deal) {
        return Text.each(deal.path("edges")).stream()
                .map(e -> e.path("other"))
                .filter(o -> o.path("type").asText().equals("entity"))
                .findFirst()
                .flatMap(o -> play.look(
                        "Whose deal it is says in which language to write.",
                        "hq_describe",
                        Map.of("ref", Text.first(o, "slug", "id"))))
                .flatMap(d -> Language.ofTag(d.at("/node/props/language").asText("")))
                .orElse(Language.ENGLISH);
    }

    private static Optional<String> missing(Language l, String stage, JsonNode deal) {
        JsonNode props = deal.path("node").path("props");
        return switch (stage) {
            case "discovery" -> unless(linked(deal, "contact"), l.say("a person to talk to", "uma pessoa de contacto"));
            case "proposal" -> unless(props.hasNonNull("price"), l.say("a price", "um preço"));
            case "contract" ->
                unless(props.hasNonNull("price"), l.say("a price", "um preço"))
                        .or(() -> unless(
                                props.hasNonNull("payment_terms"),
                                l.say("the terms of payment", "as condições de pagamento")));
            case "delivery" ->
                unless(linked(deal, "project"), l.say("a project to deliver it in", "um projeto para a entrega"));
            case "declined" ->
                unless(
                        props.hasNonNull("declined_reason"),
                        l.say("the reason why it ended", "o motivo por que terminou"));
            default ->
                unless(props.hasNonNull("summary"), l.say("a summary of what is agreed", "um resumo do acordado"));
        };
    }

    private static Optional<String> unless(boolean there, String what) {
        return there ? Optional.empty() : Optional.of(what);
    }

    private static boolean linked(JsonNode deal, String type) {
        return Text.each(deal.path("edges")).stream()
                .anyMatch(e -> e.path("other").path("type").asText().equals(type));
    }

    private static String portuguese(String stage) {
        return switch (stage) {
            case "discovery" -> "de descoberta";
            case "proposal" -> "de proposta";
            case "contract" -> "de contrato";
            case "delivery" -> "de entrega";
            case "partner" -> "de parceria";
            case "declined" -> "de recusado";
            default -> stage;
        };
    }
}
