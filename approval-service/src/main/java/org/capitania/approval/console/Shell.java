package org.capitania.approval.console;

import org.jspecify.annotations.Nullable;

/**
 * What every page of the console has around its content.
 *
 * @param token what forms carry
 * @param waiting how many proposals wait
 * @param questions how many questions do
 * @param assets changes when the style or the script does
 * @param frozen why no agent changes anything at present; absent while they may
 * @param part whether the page stands already and a part of it is read anew
 */
record Shell(
        String title,
        String here,
        String who,
        String token,
        long waiting,
        long questions,
        String assets,
        @Nullable String frozen,
        boolean part) {}
