
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discussion', '0003_undo_and_mentions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='best',
            field=models.PositiveIntegerField(default=0, help_text='How sure its votes make it good, in millionths.'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=models.Q(('is_listed', True), ('parent__isnull', True)), fields=['thread', 'best', 'sorted_at', 'id'], name='roots_by_best'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('best__lte', 1000000)), name='best_is_a_share_in_millionths'),
        ),
    ]
