"""A version's row is frozen but for its status, and never deleted. Safe in one step: a new trigger only."""

from __future__ import annotations

from django.db import migrations

CREATE = """
create function transcripts_version_frozen() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a transcript version is never deleted' using errcode = 'restrict_violation';
    end if;
    if to_jsonb(old) - 'status' is distinct from to_jsonb(new) - 'status' then
        raise exception 'a transcript version never changes, only its status' using errcode = 'restrict_violation';
    end if;
    if old.status = 'ARCHIVED' and new.status is distinct from old.status then
        raise exception 'an archived transcript version stays archived' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger frozen before update or delete on transcripts_records_transcriptversion
    for each row execute function transcripts_version_frozen();
"""

DROP = """
drop trigger frozen on transcripts_records_transcriptversion;
drop function transcripts_version_frozen();
"""


class Migration(migrations.Migration):
    """See the module."""

    dependencies = [("transcripts_records", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
