package org.capitania.graph.projection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import org.capitania.contract.Json;

/** The configured figures as the refreshing statements take them; what makes no sense stops the start. */
@ApplicationScoped
class ProjectionSettings {
    private final String json;

    ProjectionSettings(ProjectionsConfig config) {
        ProjectionsConfig.Weights weights = config.weights();
        ProjectionsConfig.Warmth warmth = config.warmth();
        ProjectionsConfig.Bands bands = config.bands();
        ProjectionsConfig.Chances chances = config.chances();
        ProjectionsConfig.Risks risks = config.risks();
        ObjectNode all = Json.MAPPER.createObjectNode();
        all.putObject("weights")
                .put("recency", share("weights.recency", weights.recency()))
                .put("revenue", share("weights.revenue", weights.revenue()))
                .put("activity", share("weights.activity", weights.activity()))
                .put("stage", share("weights.stage", weights.stage()))
                .put("linguistic", share("weights.linguistic", weights.linguistic()))
                .put("anti_match", share("weights.anti-match", weights.antiMatch()));
        all.putObject("warmth")
                .put("recency", share("warmth.recency", warmth.recency()))
                .put("activity", share("warmth.activity", warmth.activity()))
                .put("linguistic", share("warmth.linguistic", warmth.linguistic()));
        all.putObject("bands")
                .put("cool", share("bands.cool", bands.cool()))
                .put("warm", share("bands.warm", bands.warm()))
                .put("hot", share("bands.hot", bands.hot()));
        all.putObject("chances")
                .put("discovery", share("chances.discovery", chances.discovery()))
                .put("proposal", share("chances.proposal", chances.proposal()))
                .put("contract", share("chances.contract", chances.contract()))
                .put("delivery", share("chances.delivery", chances.delivery()))
                .put("partner", share("chances.partner", chances.partner()));
        all.putObject("risks")
                .put("quiet", share("risks.quiet", risks.quiet()))
                .put("late", share("risks.late", risks.late()))
                .put("churn", share("risks.churn", risks.churn()))
                .put("unpaid", share("risks.unpaid", risks.unpaid()));
        all.put("half_life_days", positive("recency-half-life-days", config.recencyHalfLifeDays()));
        all.put("full_activity", positive("full-activity", config.fullActivity()));
        positive("weights", sum(all, "weights"));
        positive("warmth", sum(all, "warmth"));
        json = Json.write(all);
    }

    String json() {
        return json;
    }

    private static BigDecimal sum(ObjectNode all, String member) {
        BigDecimal sum = BigDecimal.ZERO;
        for (var figure : all.get(member)) {
            sum = sum.add(figure.decimalValue());
        }
        return sum;
    }

    private static BigDecimal share(String name, BigDecimal value) {
        if (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalStateException("hq.projections." + name + " is " + value + "; expected 0 to 1");
        }
        return value;
    }

    private static BigDecimal positive(String name, BigDecimal value) {
        if (value.signum() <= 0) {
            throw new IllegalStateException("hq.projections." + name + " is " + value + "; expected more than 0");
        }
        return value;
    }
}
