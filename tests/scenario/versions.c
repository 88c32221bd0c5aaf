/* versions: redelivery and reordering never change the result; a tombstone keeps an old feed from bringing back what
 * was deleted. */
#include "world.h"

#include <stdio.h>

#define COMMITTED  REFERENT__V1__STATUS__STATUS_COMMITTED
#define UNCHANGED  REFERENT__V1__STATUS__STATUS_UNCHANGED
#define SUPERSEDED REFERENT__V1__STATUS__STATUS_SUPERSEDED

static const Receipt *deleted(struct world *w, const char *id, uint64_t version, Referent__V1__Status status)
{
    return expect_status(w->feeder, peer_delete(w->feeder, id, version), status);
}

SCENARIO(the_same_document_twice_is_unchanged)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 7, "Om fjernvarme."));
    expect_status(w->feeder, feed(w, EDITION("a", 7, "Om fjernvarme.")), UNCHANGED);
    given(w, MINUTES("b", "Om kloakker."));
    expect_status(w->feeder, feed(w, MINUTES("b", "Om kloakker.")), UNCHANGED);
    assert_int_equal(inventory_count(w), 2);
}

SCENARIO(an_older_version_is_superseded)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 7, "Om fjernvarme."));
    expect_status(w->feeder, feed(w, EDITION("a", 6, "Om naturgas.")), SUPERSEDED);
    expect_status(w->feeder, feed(w, MINUTES("a", "Om kulkraft.")), SUPERSEDED);
    expect_found(w, "fjernvarme", 1);
    expect_found(w, "naturgas", 0);
    expect_found(w, "kulkraft", 0);
}

SCENARIO(order_of_arrival_does_not_matter_in_one_batch)
{
    struct world *w = world_start("commit_max_age_ms = 400\ncommit_idle_ms = 400\n");
    uint64_t newest = feed(w, EDITION("a", 3, "Om tredje udkast."));
    uint64_t oldest = feed(w, EDITION("a", 1, "Om første udkast."));
    uint64_t middle = feed(w, EDITION("a", 2, "Om andet udkast."));
    expect_committed(w->feeder, newest);
    expect_status(w->feeder, oldest, SUPERSEDED);
    expect_status(w->feeder, middle, SUPERSEDED);
    expect_found(w, "tredje", 1);
    expect_found(w, "udkast", 1);
}

SCENARIO(other_content_under_the_same_version_is_a_conflict)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 7, "Om fjernvarme."));
    expect_rejected(w->feeder, feed(w, EDITION("a", 7, "Om vindmøller.")), "version.conflict");
    expect_found(w, "fjernvarme", 1);
}

SCENARIO(without_a_version_the_latest_arrival_wins)
{
    struct world *w = world_start("");
    given(w, MINUTES("a", "Om fjernvarme."));
    given(w, MINUTES("a", "Om vindmøller."));
    expect_found(w, "fjernvarme", 0);
    expect_found(w, "vindmøller", 1);
    given(w, EDITION("a", 1, "Om solceller."));
    expect_found(w, "vindmøller", 0);
    expect_found(w, "solceller", 1);
}

SCENARIO(a_new_version_replaces_every_item)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 1, "## 1. Havnen\n\nGodkendt.\n\n## 2. Broen\n\nUdsat.\n\n## 3. Torvet\n\nDrøftet.\n"));
    expect_found(w, "torvet", 1);
    given(w, EDITION("a", 2, "## 1. Havnen\n\nForkastet.\n"));
    expect_found(w, "torvet", 0);
    expect_found(w, "broen", 0);
    expect_found(w, "forkastet", 1);
    assert_int_equal(inventory_count(w), 1);
}

SCENARIO(what_was_deleted_does_not_come_back)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 4, "Om badestranden."));
    deleted(w, "a", 5, COMMITTED);
    expect_found(w, "badestranden", 0);
    assert_false(peer_get(w->searcher, "a")->found);
    deleted(w, "a", 5, UNCHANGED);
    expect_status(w->feeder, feed(w, EDITION("a", 4, "Om badestranden.")), SUPERSEDED);
    expect_status(w->feeder, feed(w, MINUTES("a", "Om badestranden.")), SUPERSEDED);
    expect_found(w, "badestranden", 0);
    assert_int_equal(inventory_count(w), 0);
    given(w, EDITION("a", 6, "Om badestranden igen."));
    expect_found(w, "badestranden", 1);
}

SCENARIO(a_tombstone_outlives_a_restart)
{
    struct world *w = world_start("");
    deleted(w, "aldrig-set", 9, COMMITTED);
    world_kill(w);
    world_restart(w);
    expect_status(w->feeder, feed(w, EDITION("aldrig-set", 8, "Om spøgelser.")), SUPERSEDED);
    expect_found(w, "spøgelser", 0);
}

SCENARIO(an_old_delete_deletes_nothing)
{
    struct world *w = world_start("");
    given(w, EDITION("a", 4, "Om badestranden."));
    deleted(w, "a", 3, SUPERSEDED);
    deleted(w, "a", 0, SUPERSEDED);
    expect_found(w, "badestranden", 1);
    given(w, MINUTES("b", "Om lystbådehavnen."));
    deleted(w, "b", 0, COMMITTED);
    expect_found(w, "lystbådehavnen", 0);
    given(w, MINUTES("b", "Om lystbådehavnen."));
    expect_found(w, "lystbådehavnen", 1);
}

SCENARIO(a_delete_keeps_its_place_in_a_batch)
{
    struct world *w = world_start("commit_max_age_ms = 400\ncommit_idle_ms = 400\n");
    uint64_t fed = feed(w, EDITION("a", 1, "Om rådhusuret."));
    uint64_t gone = peer_delete(w->feeder, "a", 2);
    uint64_t again = feed(w, EDITION("a", 3, "Om rådhusklokken."));
    expect_committed(w->feeder, fed);
    expect_committed(w->feeder, gone);
    expect_committed(w->feeder, again);
    expect_found(w, "rådhusuret", 0);
    expect_found(w, "rådhusklokken", 1);
}

TELL(STORY(the_same_document_twice_is_unchanged), STORY(an_older_version_is_superseded),
     STORY(order_of_arrival_does_not_matter_in_one_batch), STORY(other_content_under_the_same_version_is_a_conflict),
     STORY(without_a_version_the_latest_arrival_wins), STORY(a_new_version_replaces_every_item),
     STORY(what_was_deleted_does_not_come_back), STORY(a_tombstone_outlives_a_restart),
     STORY(an_old_delete_deletes_nothing), STORY(a_delete_keeps_its_place_in_a_batch))
