{{ config(materialized='table') }}

-- The channel of a visit by the rules that visits of an analytics property have.

{{ with_web_channel('', rows="select * from " ~ ref('int_event_sources')) }}
