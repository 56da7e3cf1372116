package org.capitania.approval.proposal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.capitania.approval.proposal.ProposalState.Approved;
import org.capitania.approval.proposal.ProposalState.Claimed;
import org.capitania.approval.proposal.ProposalState.Decided;
import org.capitania.approval.proposal.ProposalState.Executing;
import org.capitania.approval.proposal.ProposalState.Expiring;
import org.capitania.approval.proposal.ProposalState.Open;
import org.capitania.approval.proposal.ProposalState.Pending;
import org.capitania.approval.proposal.ProposalState.Unknown;
import org.capitania.contract.api.ProposalStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random walks through the states: every state survives its row, every arrow is one of the chart's, and each act has its decision. */
class ProposalStateTest {
    private static final Instant START = Instant.parse("2026-11-20T09:00:00Z");
    private static final Duration WAIT = Duration.ofDays(14);
    private static final Map<ProposalStatus, Set<ProposalStatus>> CHART = new EnumMap<>(Map.of(
            ProposalStatus.PENDING,
                    EnumSet.of(
                            ProposalStatus.PENDING,
                            ProposalStatus.APPROVED,
                            ProposalStatus.REJECTED,
                            ProposalStatus.EXPIRED),
            ProposalStatus.STALE,
                    EnumSet.of(
                            ProposalStatus.PENDING,
                            ProposalStatus.APPROVED,
                            ProposalStatus.REJECTED,
                            ProposalStatus.EXPIRED),
            ProposalStatus.APPROVED, EnumSet.of(ProposalStatus.EXECUTING, ProposalStatus.EXPIRED),
            ProposalStatus.EXECUTING,
                    EnumSet.of(
                            ProposalStatus.EXECUTED,
                            ProposalStatus.FAILED,
                            ProposalStatus.UNKNOWN,
                            ProposalStatus.STALE),
            ProposalStatus.UNKNOWN, EnumSet.of(ProposalStatus.EXECUTED, ProposalStatus.FAILED),
            ProposalStatus.EXECUTED, EnumSet.noneOf(ProposalStatus.class),
            ProposalStatus.FAILED, EnumSet.noneOf(ProposalStatus.class),
            ProposalStatus.REJECTED, EnumSet.noneOf(ProposalStatus.class),
            ProposalStatus.EXPIRED, EnumSet.noneOf(ProposalStatus.class)));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void shouldOnlyTakeStepsOfTheChartWhenWalkedAtRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int walk = 0; walk < 500; walk++) {
            // Given
            ProposalRow row =
                    ProposalRow.of(new UUID(seed, walk), Frozen.reply(new UUID(seed, walk)), START, START.plus(WAIT));
            Instant now = START;
            List<ProposalStatus> way = new ArrayList<>(List.of(row.status()));
            int approvals = 0;
            int claims = 0;
            // When
            while (true) {
                now = now.plus(Duration.ofHours(random.nextInt(1, 24 * 5)));
                ProposalState before = row.state();
                ProposalState after = step(before, now, random);
                if (after == null) {
                    break;
                }
                approvals += after instanceof Approved ? 1 : 0;
                claims += after instanceof Executing ? 1 : 0;
                row.move(after, now);
                // Then
                String why = "seed " + seed + " walk " + walk + ": " + way + " then " + after;
                assertThat(CHART.get(before.status())).as(why).contains(after.status());
                assertThat(row.state()).as(why).isEqualTo(after);
                assertThat(claims).as("an act without its own decision, " + why).isLessThanOrEqualTo(approvals);
                way.add(after.status());
            }
            assertThat(CHART.get(row.status()))
                    .as("stuck: seed %d walk %d %s", seed, walk, way)
                    .isEmpty();
        }
    }

    @Test
    void shouldRefuseToExpireWhenThereIsTimeLeft() {
        Pending pending = new Pending(START.plus(WAIT));
        assertThatThrownBy(() -> pending.expire(START)).isInstanceOf(IllegalStateException.class);
        assertThat(pending.expire(START.plus(WAIT)).status()).isEqualTo(ProposalStatus.EXPIRED);
    }

    /** One of the moves that the state offers now; null at an end. */
    private static ProposalState step(ProposalState state, Instant now, SplittableRandom random) {
        if (state instanceof Expiring waiting && waiting.over(now)) {
            return waiting.expire(now);
        }
        return switch (state) {
            case Open open ->
                switch (random.nextInt(4)) {
                    case 0 -> open.reject(new Decided("user:owner", now), "not like this");
                    case 1 -> open.revise(now.plus(WAIT));
                    default -> open.approve(new Decided("user:owner", now), now.plus(Duration.ofDays(7)));
                };
            case Approved approved -> approved.claim(new Claimed("key-" + random.nextInt(), now));
            case Executing executing ->
                switch (random.nextInt(4)) {
                    case 0 -> executing.executed(now, "{}");
                    case 1 -> executing.failed(now, "no route", null);
                    case 2 -> executing.unknown(now, "cut off", null);
                    default -> executing.stale("the contact has another address now", "{}", now.plus(WAIT));
                };
            case Unknown unknown ->
                random.nextBoolean() ? unknown.executed(now, null) : unknown.failed(now, "never left", null);
            case ProposalState.Executed e -> null;
            case ProposalState.Failed f -> null;
            case ProposalState.Rejected r -> null;
            case ProposalState.Expired e -> null;
        };
    }
}
