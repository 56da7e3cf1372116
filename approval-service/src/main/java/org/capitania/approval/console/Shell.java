package org.capitania.approval.console;

import org.jspecify.annotations.Nullable;

/**
 * What every page of the console has around its content.
 *
 * @param token what forms carry
 * @param assets changes when the style or the script does
 * @param frozen why no agent changes anything at present; absent while they may
 */
record Shell(
        String title,
        String here,
        String who,
        String token,
        long waiting,
        String assets,
        @Nullable String frozen) {}
